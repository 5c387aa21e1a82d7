import { beforeEach, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

const S = '11111111-1111-4111-8111-111111111111'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
})

const revisions = async () => (await admin.get('/revisions')).body.data as Record<string, unknown>[]

it('tells what was changed, newest first, when and by whom', async () => {
  await admin.json('POST /services', { id: S, name: 's', host: 'h' })
  await admin.send('PATCH', '/services/s', '{"host":"i"}', 'application/json', {
    'user-agent': 'decK/1.64 (linux)',
  })
  expect((await revisions()).slice(0, 2)).toEqual([
    {
      revision: 2,
      at: 1_700_000_000,
      by: 'PATCH /services/{services} by decK/1.64',
      count: 1,
      changes: [{ entity: 'services', id: S, name: 's', kind: 'updated' }],
    },
    {
      revision: 1,
      at: 1_700_000_000,
      by: 'POST /services',
      count: 1,
      changes: [{ entity: 'services', id: S, name: 's', kind: 'created' }],
    },
  ])
})

it('tells no credential', async () => {
  await admin.json('POST /consumers', { username: 'c' })
  await admin.json('POST /consumers/c/key-auth', { key: 'sesame' })
  await admin.json('PATCH /key-auths/sesame', { tags: ['t'] })
  expect((await admin.get('/revisions')).text).not.toContain('sesame')
})

it('goes back', async () => {
  await admin.json('POST /services', { id: S, name: 's', host: 'h' })
  await admin.json('PATCH /services/s', { host: 'i' })
  await admin.send('DELETE', '/services/s')
  const undone = await admin.send('POST', '/revisions/1/restore')
  expect([undone.status, undone.body]).toEqual([200, { revision: 4 }])
  expect(undone.headers.get('x-config-revision')).toBe('4')
  expect((await admin.get('/services/s')).body.host).toBe('h')
  expect((await revisions())[0]).toMatchObject({ by: 'POST /revisions/{revision}/restore' })
})

it.each(['999', '-1', 'x', '1.5', '1e3'])('cannot go back to %s', async (revision) => {
  await admin.json('POST /services', { host: 'h' })
  const reply = await admin.send('POST', `/revisions/${revision}/restore`)
  expect([reply.status, reply.body]).toEqual([
    404,
    {
      message: `Cannot restore revision "${revision}", GET /revisions lists those that are kept`,
    },
  ])
  expect((await admin.get('/services')).ids).toHaveLength(1)
})

it('keeps none where none are wanted', async () => {
  const bare = await openAdmin({ revisionHistory: 0 })
  await bare.json('POST /services', { host: 'h' })
  await bare.json('POST /services', { host: 'h' })
  expect((await bare.get('/revisions')).body).toEqual({ data: [], next: null })
  expect((await bare.send('POST', '/revisions/1/restore')).status).toBe(404)
})

it('goes nowhere without a database', async () => {
  const bare = await openAdmin({ database: 'off' })
  expect((await bare.send('POST', '/revisions/1/restore')).status).toBe(405)
})
