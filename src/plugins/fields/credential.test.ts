import { describe, expect, it } from 'vitest'
import { context, tableOf, violationsIn } from '../../../test/plugins/configs.ts'
import { P256_CERT, RSA_KEY, RSA_PUBLIC } from '../../lib/keys.fixture.ts'
import type { Input, Row, WriteMode } from '../../schema/entity.ts'
import { finishRow } from '../../schema/finish.ts'
import { rowForInsert, rowForUpdate } from '../../schema/validate.ts'

const consumer = { id: '4f0d5a3e-7a59-4d1c-9b1e-0b4b6a3f1d2c' }
const other = { id: '9b1e0b4b-6a3f-4d1c-8d2c-4f0d5a3e7a59' }

describe('credentials', () => {
  it.each([
    ['keyauth_credentials', {}, { key: 'sesame' }],
    ['hmacauth_credentials', { username: 'bob' }, { secret: 'sesame' }],
    ['jwt_secrets', {}, { key: 'sesame', secret: 'sesame', algorithm: 'HS256' }],
    ['oauth2_credentials', { name: 'app' }, { client_id: 'sesame', client_secret: 'sesame' }],
  ])('of %s get keys made up', (name, input, made) => {
    expect(rowForInsert(tableOf(name), { ...input, consumer }, context)).toMatchObject(made)
  })

  const needed = {
    '@entity': ["failed conditional validation given value of field 'algorithm'"],
  }
  it.each([
    ['RS256', undefined, { ...needed, rsa_public_key: 'required field missing' }],
    ['EdDSA', 'x', { ...needed, rsa_public_key: 'invalid key' }],
    ['PS512', P256_CERT, { ...needed, rsa_public_key: 'invalid key' }],
    ['RS256', RSA_PUBLIC, undefined],
    ['RS384', RSA_KEY, undefined],
    [
      'RS512',
      RSA_PUBLIC.replace(/\n[^\n]{8}/, '\nAAAAAAAA'),
      { ...needed, rsa_public_key: 'invalid key' },
    ],
    ['ES256', undefined, undefined],
    ['HS256', 'x', undefined],
  ])('by JWT with %s: key %#', (algorithm, key, errors) => {
    const input = { consumer, algorithm, ...(key !== undefined && { rsa_public_key: key }) }
    expect(violationsIn(() => rowForInsert(tableOf('jwt_secrets'), input, context))).toEqual(errors)
  })

  it.each([
    ['https://a.com/cb', undefined],
    ['app://callback/x', undefined],
    ['a.com/cb', "cannot parse 'a.com/cb'"],
    ['https:///cb', "cannot parse 'https:///cb'"],
    ['https://a.com/cb#x', "fragment not allowed in 'https://a.com/cb#x'"],
  ])('by OAuth send clients back to %s: %s', (uri, error) => {
    const input = { consumer, name: 'app', redirect_uris: [uri] }
    expect(violationsIn(() => rowForInsert(tableOf('oauth2_credentials'), input, context))).toEqual(
      error && { redirect_uris: [error] },
    )
  })
})

describe('a password of basic-auth', () => {
  const table = tableOf('basicauth_credentials')
  const input = { username: 'bob', password: 'secret', consumer }
  // echo -n secret4f0d5a3e-7a59-4d1c-9b1e-0b4b6a3f1d2c | sha1sum
  const digest = 'd26bcc6c759dd7acca1f69c50ece23e7016cd87d'

  it('is kept as a digest over it and the consumer', async () => {
    expect(await finished('basicauth_credentials', 'insert', input)).toMatchObject({
      password: digest,
    })
  })

  it.each([
    ['its own consumer in scope', { password: 'secret', consumer }],
    ['another consumer', { password: 'secret', consumer: other }],
  ])('changes with %s', async (_, patch) => {
    const current = rowForInsert(table, { ...input, password: 'x' }, context)
    const row = await updated('basicauth_credentials', current, patch)
    expect(row.password).toMatch(/^[0-9a-f]{40}$/)
    expect(row.password === digest).toBe(patch.consumer === consumer)
  })

  it.each([{ username: 'carl' }, { username: 'carl', consumer }])(
    'stays when %j changes',
    async (patch) => {
      const current = await finished('basicauth_credentials', 'insert', input)
      expect(await updated('basicauth_credentials', current, patch)).toMatchObject({
        username: 'carl',
        password: digest,
      })
    },
  )

  it.each([{ password: 'x' }, { consumer: other }])('refuses %j alone', async (patch) => {
    const current = await finished('basicauth_credentials', 'insert', input)
    await expect(updated('basicauth_credentials', current, patch)).rejects.toMatchObject({
      code: 2,
      fields: {
        '@entity': ["all or none of these fields must be set: 'password', 'consumer.id'"],
      },
    })
  })
})

describe('a secret of OAuth', () => {
  const input = { name: 'app', client_secret: 'secret', consumer }

  it('is kept as it is', async () => {
    expect(await finished('oauth2_credentials', 'insert', input)).toMatchObject({
      client_secret: 'secret',
    })
  })

  it('is hashed where that is asked for', async () => {
    const row = await finished('oauth2_credentials', 'upsert', { ...input, hash_secret: true })
    const [, salt = '', hash = ''] =
      /^\$pbkdf2-sha512\$i=10000,l=32\$([\w+/]{22})\$([\w+/]{43})$/.exec(
        String(row.client_secret),
      ) ?? []
    expect(hash).toBe(await pbkdf2('secret', salt))
  })

  it.each([{ client_secret: 'new' }, { hash_secret: true }])('refuses %j alone', async (patch) => {
    const current = rowForInsert(tableOf('oauth2_credentials'), input, context)
    await expect(updated('oauth2_credentials', current, patch)).rejects.toMatchObject({
      fields: {
        '@entity': ["all or none of these fields must be set: 'hash_secret', 'client_secret'"],
      },
    })
  })

  it('stays when the name changes', async () => {
    const current = rowForInsert(tableOf('oauth2_credentials'), input, context)
    expect(await updated('oauth2_credentials', current, { name: 'n' })).toMatchObject({
      name: 'n',
      client_secret: 'secret',
    })
  })
})

function finished(name: string, mode: WriteMode, sent: Input): Promise<Row> {
  const table = tableOf(name)
  return finishRow(table, rowForInsert(table, sent, context), { mode, sent })
}

function updated(name: string, current: Row, sent: Input): Promise<Row> {
  const table = tableOf(name)
  const row = rowForUpdate(table, current, sent, context)
  return finishRow(table, row, { mode: 'update', sent, current })
}

async function pbkdf2(secret: string, salt: string): Promise<string> {
  const { pbkdf2Sync } = await import('node:crypto')
  const hash = pbkdf2Sync(secret, Buffer.from(salt, 'base64'), 10000, 32, 'sha512')
  return hash.toString('base64').replace(/=+$/, '')
}
