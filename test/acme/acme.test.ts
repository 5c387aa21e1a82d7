import { createPrivateKey } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { makeSigningKey } from '../../src/lib/signing-key.ts'
import type { AdminKit } from '../../src/pdk/admin-route.ts'
import { definePlugin } from '../../src/pdk/plugin.ts'
import { acmeRoutes } from '../../src/plugins/acme/admin.ts'
import type { AcmeConfig } from '../../src/plugins/acme/config.ts'
import { renewAll } from '../../src/plugins/acme/renewal.ts'
import { isObject } from '../../src/schema/field.ts'
import { openGateway, type Rig, type RigOptions } from '../plugins/open-gateway.ts'
import { incoming } from '../proxy/fakes.ts'
import {
  type Authority,
  type AuthorityOptions,
  certificateFor,
  openAuthority,
} from './authority.ts'

const DAY = 86_400_000

interface AcmeRig extends Rig {
  readonly authority: Authority
  /** What a plugin of this gateway works with. */
  kit(): AdminKit
  /** Waits for what was set going. */
  idle(): Promise<void>
  /** Asks over https, and waits for what that sets going. */
  secure(host: string): Promise<void>
}

const opened: Rig[] = []
afterEach(async () => {
  for (const rig of opened.splice(0)) await rig.close()
})

async function acme(
  config: Readonly<Record<string, unknown>> = {},
  ca: Partial<AuthorityOptions> = {},
  settings: RigOptions = {},
): Promise<AcmeRig> {
  const least = {
    account_email: 'me@test.com',
    api_uri: 'https://ca.test',
    cert_type: 'ecc',
    domains: ['a.test', '*.b.test'],
    ...config,
  }
  const kits: AdminKit[] = []
  const probe = definePlugin(
    { name: 'probe', priority: 1, config: { type: 'record', required: true, fields: {} } },
    (_config, kit) => {
      kits.push(kit)
      return {}
    },
  )
  const rig = await openGateway({
    ...settings,
    plugins: [probe],
    config: { plugins: [{ name: 'acme', config: least }, { name: 'probe' }], ...settings.config },
  })
  opened.push(rig)
  const works: Promise<unknown>[] = []
  rig.runtime.background = (work) => void works.push(work)
  const ask = (url: string) => rig.gateway.proxy(new Request(url), { ip: '10.0.0.1' })
  const authority = await openAuthority({
    now: () => rig.runtime.time,
    fetch: async (host, path) => (await ask(`http://${host}${path}`)).text(),
    ...ca,
  })
  rig.transport.send = async (outgoing) =>
    outgoing.host === 'ca.test' ? authority.answer(outgoing) : incoming({ body: 'upstream' })
  const idle = async () => void (await Promise.all(works.splice(0)))
  const secure = async (host: string) => {
    await ask(`https://${host}/`)
    await idle()
  }
  const kit = () => {
    const [found] = kits
    if (found === undefined) throw new Error('the probe was not opened')
    return found
  }
  return { ...rig, authority, idle, secure, kit }
}

async function rows(rig: Rig, path: string) {
  const { json } = await rig.admin('GET', path)
  // Admin's lists have this shape.
  return (json as { data: Record<string, unknown>[] }).data
}

function configIn(rig: AcmeRig): AcmeConfig {
  const row = rig
    .kit()
    .entities.all('plugins')
    .find(({ name }) => name === 'acme')
  // The row was held to the plugin's fields.
  return row?.config as AcmeConfig
}

/** What `?invalid_only` lists. */
async function listInvalid(rig: AcmeRig) {
  const question = { params: {}, query: { invalid_only: '1' }, body: {} }
  const route = acmeRoutes.find(({ path }) => path === '/acme/certificates')
  return (await route?.answer(question, rig.kit()))?.body
}

describe('a certificate', () => {
  it('is got when its host is first asked for over https, once', async () => {
    const rig = await acme()
    await rig.secure('a.test')
    await rig.secure('a.test')
    expect(rig.authority.complaints).toEqual([])
    expect(rig.authority.issued).toEqual(['a.test'])
    expect(rig.authority.accounts).toMatchObject([{ contact: ['mailto:me@test.com'] }])
    const [certificate] = await rows(rig, '/certificates')
    expect(certificate).toMatchObject({ tags: ['managed-by-acme'] })
    expect(await rows(rig, '/snis')).toMatchObject([
      { name: 'a.test', certificate: { id: certificate?.id }, tags: ['managed-by-acme'] },
    ])
  })

  it('is got when a handshake first asks for its name, which is shown another meanwhile', async () => {
    const rig = await acme({ domains: ['a.test', '*.b.test'] })
    const fallback = { cert: 'default', key: 'default' }
    const source = rig.gateway.certificates(fallback)
    for (const name of ['a.test', 'a.test', 'x.b.test', 'b.test', 'other.test', undefined])
      expect(source.certificateFor(name)).toBe(fallback)
    await rig.idle()
    expect([...rig.authority.issued].sort()).toEqual(['a.test', 'x.b.test'])
    const [certificate] = await rows(rig, '/certificates')
    const shown = [source.certificateFor('a.test'), source.certificateFor('x.b.test')]
    expect(shown.map((one) => one?.cert)).toContain(certificate?.cert)
    expect(shown).not.toContain(fallback)
    expect(source.certificateFor('other.test')).toBe(fallback)
    await rig.idle()
    expect(rig.authority.issued).toHaveLength(2)
  })

  it('is got at a handshake for any name, where that is allowed', async () => {
    const rig = await acme({ allow_any_domain: true })
    const source = rig.gateway.certificates({ cert: 'default', key: 'default' })
    source.certificateFor('other.test')
    source.certificateFor('no host')
    await rig.idle()
    expect(rig.authority.issued).toEqual(['other.test'])
  })

  it.each([
    { host: 'other.test', config: {}, issued: [] },
    { host: 'x.b.test', config: {}, issued: ['x.b.test'] },
    { host: 'b.test', config: {}, issued: [] },
    { host: 'other.test', config: { allow_any_domain: true }, issued: ['other.test'] },
    { host: '10.0.0.1', config: { allow_any_domain: true }, issued: [] },
    {
      host: '10.0.0.1',
      config: { allow_any_domain: true, enable_ipv4_common_name: false },
      issued: [],
    },
  ])('is got for the allowed hosts alone: $host $config', async ({ host, config, issued }) => {
    const rig = await acme(config)
    await rig.secure(host)
    expect(rig.authority.issued).toEqual(issued)
  })

  it('is not got for a host that has one', async () => {
    const rig = await acme({ allow_any_domain: true })
    expect((await rig.admin('POST', '/acme', { host: 'a.test' })).status).toBe(201)
    const [{ id } = { id: '' }] = await rows(rig, '/certificates')
    await rig.admin('POST', '/snis', { name: '*.wild.test', certificate: { id } })
    await rig.secure('x.wild.test')
    expect(rig.authority.issued).toEqual(['a.test'])
  })

  it('is not asked for again soon after a failure', async () => {
    const rig = await acme({ fail_backoff_minutes: 5 }, { fetch: async () => 'wrong' })
    await rig.secure('a.test')
    expect(rig.runtime.lines).toContain('error: Cannot get a certificate')
    rig.runtime.time += 60_000
    const refused = await rig.admin('POST', '/acme', { host: 'a.test' })
    expect([refused.status, refused.json]).toEqual([
      500,
      {
        message:
          'failed to update certificate: please try again in 240 seconds for host a.test because of previous failure; this is configurable with config.fail_backoff_minutes',
      },
    ])
    rig.runtime.time += 300_000
    const again = await rig.admin('POST', '/acme', { host: 'a.test' })
    expect(again.json).toEqual({
      message:
        'failed to update certificate: could not create certificate for host: a.test err: the challenge failed: no answer',
    })
  })

  it('may be RSA, and of the chain an operator prefers', async () => {
    const rig = await acme({ cert_type: 'rsa', rsa_key_size: 2048, preferred_chain: 'Other CA' })
    await rig.secure('a.test')
    const { json } = await rig.admin('GET', '/acme/certificates/a.test')
    expect(json).toMatchObject({ data: { pubkey_type: 'rsaEncryption' } })
    expect(rig.authority.asked.at(-1)).toBe('POST /cert/0/other')
  })

  it('is got although a number grew too old, and for a customer the authority knows', async () => {
    const binding = { eab_kid: 'kid-1', eab_hmac_key: 'c2VjcmV0' }
    const rig = await acme(binding, { badNonces: 1 })
    await rig.secure('a.test')
    expect(rig.authority.issued).toEqual(['a.test'])
    const { binding: bound } = rig.authority.accounts[0] ?? {}
    const head = isObject(bound) ? String(bound.protected) : ''
    expect(JSON.parse(atob(head))).toEqual({
      alg: 'HS256',
      kid: 'kid-1',
      url: 'https://ca.test/account',
    })
  })

  it('is got for an account whose key is configured', async () => {
    const { pem, jwk } = await makeSigningKey({ kind: 'RSA', bits: 2048 })
    const keys = [{ kid: 'mine', pem: { private_key: pem } }]
    const rig = await acme({ account_key: { key_id: 'mine' } }, {}, { config: { keys } })
    await rig.secure('a.test')
    expect(rig.authority.issued).toEqual(['a.test'])
    expect(rig.authority.accounts[0]?.jwk).toEqual(jwk)
  })

  it.each([{ kind: 'EC' } as const, { kind: 'RSA', bits: 2048 } as const])(
    'is got for an account whose key is configured as a JWK: $kind',
    async (kind) => {
      const { pem, jwk } = await makeSigningKey(kind)
      const secret = createPrivateKey(pem).export({ format: 'jwk' })
      const jwkText = JSON.stringify({ ...secret, kid: 'mine', use: 'sig' })
      const keys = [{ kid: 'mine', jwk: jwkText }]
      const rig = await acme({ account_key: { key_id: 'mine' } }, {}, { config: { keys } })
      await rig.secure('a.test')
      expect(rig.authority.issued).toEqual(['a.test'])
      expect(rig.authority.accounts[0]?.jwk).toEqual(jwk)
    },
  )

  it('is not got for an account whose JWK is a public key', async () => {
    const { jwk } = await makeSigningKey({ kind: 'EC' })
    const keys = [{ kid: 'mine', jwk: JSON.stringify({ ...jwk, kid: 'mine' }) }]
    const rig = await acme({ account_key: { key_id: 'mine' } }, {}, { config: { keys } })
    await rig.secure('a.test')
    expect(rig.authority.issued).toEqual([])
    expect(rig.runtime.lines).toContain('error: Cannot get a certificate')
  })

  it('and all about it may be kept as entities', async () => {
    const rig = await acme({ storage: 'kong' })
    await rig.secure('a.test')
    expect(rig.authority.complaints).toEqual([])
    const keys = (await rows(rig, '/acme_storage')).map(({ key }) => key)
    expect(keys.sort()).toEqual([
      `kong_acme:account:https://ca.test:${btoa('me@test.com')}`,
      'kong_acme:renew_config:a.test',
    ])
  })
})

describe('a challenge', () => {
  it.each([
    { path: '/.well-known/acme-challenge/x', status: 404, text: 'Not found\n' },
    { path: '/.well-known/acme-challenge/unknown', status: 404, text: 'Not found\n' },
    { path: '/.well-known/acme-challenge/', status: 200, text: 'upstream' },
    { path: '/', status: 200, text: 'upstream' },
  ])('that is none is answered so: $path', async ({ path, status, text }) => {
    const rig = await acme()
    const answer = await rig.ask(path)
    expect([answer.status, answer.text]).toEqual([status, text])
  })

  it('of another host passes', async () => {
    const rig = await acme({ domains: ['other.test'] })
    expect((await rig.ask('/.well-known/acme-challenge/x')).text).toBe('upstream')
  })
})

describe('a renewal', () => {
  it('starts in time, with the same key, and takes the place of the old one', async () => {
    const rig = await acme({ renew_threshold_days: 10 })
    await rig.secure('a.test')
    const [before] = await rows(rig, '/certificates')
    const works: Promise<unknown>[] = []
    rig.runtime.background = (work) => void works.push(work)
    const renew = async () => {
      const started = await rig.admin('PATCH', '/acme')
      expect([started.status, started.json]).toEqual([
        202,
        { message: 'Renewal process started successfully' },
      ])
      await Promise.all(works.splice(0))
    }
    rig.runtime.time += 79 * DAY
    await renew()
    expect(rig.authority.issued).toHaveLength(1)
    rig.runtime.time += 2 * DAY
    await renew()
    expect(rig.authority.issued).toEqual(['a.test', 'a.test'])
    const after = await rows(rig, '/certificates')
    expect(after).toHaveLength(1)
    expect(after[0]?.id).not.toBe(before?.id)
    expect(after[0]?.cert).not.toBe(before?.cert)
    expect(after[0]?.key).toBe(before?.key)
  })

  it('is of what is shown too, where nothing else remembers it', async () => {
    const rig = await acme({ storage: 'kong', renew_threshold_days: 10 })
    await rig.secure('a.test')
    for (const { id } of await rows(rig, '/acme_storage')) {
      await rig.admin('DELETE', `/acme_storage/${id}`)
    }
    rig.runtime.time += 85 * DAY
    await renewAll(configIn(rig), rig.kit())
    expect(rig.authority.issued).toEqual(['a.test', 'a.test'])
  })

  it('that fails is logged', async () => {
    let answers = true
    const fetch = async (host: string, path: string) =>
      answers
        ? (await rig.gateway.proxy(new Request(`http://${host}${path}`), { ip: '10.0.0.1' })).text()
        : ''
    const rig = await acme({}, { fetch })
    await rig.secure('a.test')
    answers = false
    rig.runtime.time += 85 * DAY
    await renewAll(configIn(rig), rig.kit())
    expect(rig.runtime.lines).toContain('error: Cannot renew a certificate')
    expect(await rows(rig, '/certificates')).toHaveLength(1)
  })

  it('is not of what was removed', async () => {
    const rig = await acme({ storage: 'kong', renew_threshold_days: 10 })
    await rig.secure('a.test')
    await rig.admin('DELETE', '/snis/a.test')
    rig.runtime.time += 85 * DAY
    const works: Promise<unknown>[] = []
    rig.runtime.background = (work) => void works.push(work)
    await rig.admin('PATCH', '/acme')
    await Promise.all(works)
    expect(rig.authority.issued).toHaveLength(1)
    const keys = (await rows(rig, '/acme_storage')).map(({ key }) => key)
    expect(keys).not.toContain('kong_acme:renew_config:a.test')
  })
})

describe('the Admin API', () => {
  it.each([
    ['POST', '/acme'],
    ['PATCH', '/acme'],
    ['GET', '/acme/certificates'],
    ['GET', '/acme/certificates/a.test'],
  ])('has nothing without the plugin: %s %s', async (method, path) => {
    const rig = await openGateway()
    opened.push(rig)
    expect((await rig.admin(method, path)).status).toBe(404)
  })

  it.each<{ body: object; status: number; message: string }>([
    { body: {}, status: 400, message: 'host must be provided and containing a single domain' },
    {
      body: { host: ['a.test'] },
      status: 400,
      message: 'host must be provided and containing a single domain',
    },
    { body: { host: 'a.test:80' }, status: 400, message: 'port is not allowed in host' },
    { body: { host: 'a.test' }, status: 201, message: 'certificate for host a.test is created' },
    {
      body: { host: 'c.test', test_http_challenge_flow: true },
      status: 400,
      message:
        'problem found running sanity check for c.test: host is not included in plugin config.domains',
    },
    {
      body: { host: 'a.test', test_http_challenge_flow: true },
      status: 400,
      message:
        'problem found running sanity check for a.test: unexpected response: "upstream", unexpected status code: 200',
    },
  ])('answers $body with $status', async ({ body, status, message }) => {
    const rig = await acme()
    const answer = await rig.admin('POST', '/acme', body)
    expect([answer.status, answer.json]).toEqual([status, { message }])
  })

  it.each([
    { body: 'Not found\n', status: 200, message: 'sanity test for host a.test passed' },
    {
      body: '{"message":"no Route matched with those values"}',
      status: 400,
      message:
        "problem found running sanity check for a.test: http://a.test/.well-known/acme-challenge/* doesn't map to a Route in Kong; please refer to docs on how to create dummy Route and Service",
    },
  ])('tries whether challenges come here: $message', async ({ body, status, message }) => {
    const rig = await acme()
    rig.transport.send = async () => incoming({ status: 404, body })
    const asked = { host: 'a.test', test_http_challenge_flow: true }
    const answer = await rig.admin('POST', '/acme', asked)
    expect([answer.status, answer.json]).toEqual([status, { message }])
  })

  it('lists what was got', async () => {
    const rig = await acme()
    await rig.secure('a.test')
    const shown = {
      digest: expect.stringMatching(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/),
      host: 'a.test',
      issuer_cn: 'Test CA',
      not_before: '2023-11-13 22:13:20',
      not_after: '2024-02-12 22:13:20',
      valid: true,
      serial_number: '12:AB',
      pubkey_type: 'id-ecPublicKey',
    }
    expect((await rig.admin('GET', '/acme/certificates')).json).toEqual({ data: [shown] })
    expect((await rig.admin('GET', '/acme/certificates/a.test')).json).toEqual({ data: shown })
    const invalid = () => listInvalid(rig)
    expect(await invalid()).toEqual({ data: [] })
    rig.runtime.time += 91 * DAY
    expect(await invalid()).toEqual({ data: [{ ...shown, valid: false }] })
    const missing = await rig.admin('GET', '/acme/certificates/b.test')
    expect([missing.status, missing.json]).toEqual([
      404,
      { message: 'Certificate for host b.testnot found in storage' },
    ])
  })
})

it("leaves an operator's own certificate where it was", async () => {
  const rig = await acme()
  const key = await makeSigningKey({ kind: 'EC' })
  const now = rig.runtime.time
  const cert = await certificateFor('a.test', key.spki, key, { now, days: 1 })
  await rig.admin('POST', '/certificates', { cert, key: key.pem, snis: ['a.test'] })
  expect((await rig.admin('POST', '/acme', { host: 'a.test' })).status).toBe(201)
  expect(await rows(rig, '/certificates')).toHaveLength(2)
  const { json } = await rig.admin('GET', '/snis/a.test')
  expect(json).toMatchObject({ tags: ['managed-by-acme'] })
})
