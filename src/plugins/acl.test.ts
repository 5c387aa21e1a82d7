import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'
import { definePlugin } from '../pdk/plugin.ts'

const CONSUMERS = [
  {
    username: 'alice',
    keyauth_credentials: [{ key: 'alice' }],
    acls: [
      { id: '00000000-0000-4000-8000-00000000000a', group: 'staff' },
      { id: '00000000-0000-4000-8000-00000000000b', group: 'ädmins' },
    ],
  },
  { username: 'bob', keyauth_credentials: [{ key: 'bob' }] },
  {
    username: 'nobody',
    acls: [{ group: 'guests' }],
  },
  { username: 'stranger' },
]

/** Tells groups by what the client sends; a credential too, where it says so. */
const telling = definePlugin(
  { name: 'telling', priority: 2000, config: { type: 'record', required: true, fields: {} } },
  () => ({
    access({ request, shared, client }) {
      const groups = request.headers.get('x-told')
      if (groups !== undefined) shared.set('authenticated_groups', groups.split(' '))
      if (request.headers.has('x-known')) client.authenticate(undefined, { id: 'somebody' })
      return undefined
    },
  }),
)

function guarded(
  config: Readonly<Record<string, unknown>>,
  auth: Readonly<Record<string, unknown>> | 'none' = {},
): Promise<Rig> {
  const authentication = auth === 'none' ? [] : [{ name: 'key-auth', config: auth }]
  return openGateway({
    plugins: [telling],
    plugins_of_route: [{ name: 'telling' }, ...authentication, { name: 'acl', config }],
    config: { consumers: CONSUMERS },
  })
}

const UTF8_GROUPS = Buffer.from('staff, ädmins').toString('latin1')
const CLAIMED = { 'x-consumer-groups': 'staff', 'x-authenticated-groups': 'staff' }

describe('consumers', () => {
  it.each<{ config: object; key: string; status: number; groups?: string[] }>([
    { config: { allow: ['staff'] }, key: 'alice', status: 200, groups: [UTF8_GROUPS] },
    { config: { allow: ['x', 'ädmins'] }, key: 'alice', status: 200, groups: [UTF8_GROUPS] },
    { config: { allow: ['guests', 'STAFF'] }, key: 'alice', status: 403 },
    { config: { allow: ['staff'] }, key: 'bob', status: 403 },
    { config: { deny: ['staff'] }, key: 'alice', status: 403 },
    { config: { deny: ['guests'] }, key: 'alice', status: 200, groups: [UTF8_GROUPS] },
    { config: { deny: ['staff'] }, key: 'bob', status: 200, groups: [''] },
    {
      config: { allow: ['staff'], hide_groups_header: true },
      key: 'alice',
      status: 200,
      groups: [],
    },
    { config: { deny: ['x'], hide_groups_header: true }, key: 'bob', status: 200, groups: [] },
    { config: { allow: ['constructor'] }, key: 'alice', status: 403 },
  ])('$key under $config: $status', async ({ config, key, status, groups }) => {
    const { ask, transport } = await guarded({ ...config })
    const answer = await ask('/', { headers: { ...CLAIMED, apikey: key } })
    expect(answer.status).toBe(status)
    if (groups === undefined) {
      expect(answer.json).toEqual({
        message: 'You cannot consume this service',
        request_id: answer.headers.get('x-kong-request-id'),
      })
      expect(transport.sent).toHaveLength(0)
      return
    }
    const headers = transport.sent[0]?.headers ?? []
    expect(valuesOf(headers, 'x-consumer-groups')).toEqual(groups)
    expect(valuesOf(headers, 'x-authenticated-groups')).toEqual([])
  })

  it('join and leave groups at once', async () => {
    const { ask, admin } = await guarded({ allow: ['staff'] })
    const init = { headers: { apikey: 'bob' } }
    expect((await ask('/', init)).status).toBe(403)
    await admin('POST', '/consumers/bob/acls', { group: 'staff' })
    expect((await ask('/', init)).status).toBe(200)
    await admin('DELETE', '/consumers/bob/acls/staff')
    expect((await ask('/', init)).status).toBe(403)
  })
})

describe('somebody who is no consumer', () => {
  it('is asked to say who it is', async () => {
    const { ask, transport } = await guarded({ allow: ['staff'] }, 'none')
    const answer = await ask('/', { headers: CLAIMED })
    expect(answer.status).toBe(401)
    expect(answer.json).toMatchObject({ message: 'Unauthorized' })
    expect(answer.headers.get('www-authenticate')).toBeNull()
    expect(transport.sent).toHaveLength(0)
  })

  it.each([
    { config: { allow: ['staff'] }, anonymous: 'stranger', status: 401 },
    { config: { deny: ['staff'] }, anonymous: 'stranger', status: 200 },
    { config: { allow: ['staff'] }, anonymous: 'nobody', status: 403 },
    { config: { allow: ['guests'] }, anonymous: 'nobody', status: 200 },
    { config: { deny: ['guests'] }, anonymous: 'nobody', status: 403 },
  ])('passes as $anonymous by the groups of that: $config', async (row) => {
    const { ask } = await guarded(row.config, { anonymous: row.anonymous })
    const answer = await ask('/', { headers: CLAIMED })
    expect(answer.status).toBe(row.status)
    if (row.status === 401) expect(answer.json).toMatchObject({ message: 'Unauthorized' })
  })

  it('is kept out, not asked, when it was told to be in no group', async () => {
    const { ask } = await guarded({ allow: ['staff'] }, { anonymous: 'stranger' })
    expect((await ask('/', { headers: { 'x-told': '' } })).status).toBe(403)
  })

  it('is kept out when known without groups, whatever is denied', async () => {
    const { ask } = await guarded({ deny: ['x'] }, 'none')
    const answer = await ask('/', { headers: { 'x-known': 'yes' } })
    expect(answer.status).toBe(403)
    expect(answer.json).toMatchObject({ message: 'You cannot consume this service' })
  })

  it.each([
    { config: { allow: ['b'] }, status: 200 },
    { config: { allow: ['c'] }, status: 403 },
    { config: { deny: ['b'] }, status: 403 },
  ])('passes by the groups it was told to be in: $config', async ({ config, status }) => {
    const { ask, transport } = await guarded(config, 'none')
    const headers = { ...CLAIMED, 'x-known': 'yes', 'x-told': 'a b' }
    expect((await ask('/', { headers })).status).toBe(status)
    if (status !== 200) return
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-authenticated-groups')).toEqual(['a, b'])
    expect(valuesOf(sent, 'x-consumer-groups')).toEqual([])
  })
})

describe('groups that were told, of a consumer', () => {
  it.each([
    { why: 'stay with who told them', told: 'a b', claimed: 'a, b', groups: ['a, b'] },
    { why: 'are no others', told: 'a b', claimed: 'admin', groups: [] },
    { why: 'are none that only the client tells', claimed: 'admin', groups: [] },
  ])('$why, beside its own', async ({ told, claimed, groups }) => {
    const { ask, transport } = await guarded({ allow: ['staff'] })
    const headers = { apikey: 'alice', 'x-authenticated-groups': claimed }
    await ask('/', { headers: told === undefined ? headers : { ...headers, 'x-told': told } })
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-consumer-groups')).toEqual([UTF8_GROUPS])
    expect(valuesOf(sent, 'x-authenticated-groups')).toEqual(groups)
  })

  it.each([
    { who: 'the anonymous one', key: '', always: false, groups: 'told' },
    { who: 'a known one', key: 'alice', always: false, groups: 'own' },
    { who: 'a known one, always', key: 'alice', always: true, groups: 'told' },
  ])('$who: $groups', async ({ key, always, groups }) => {
    const config = { deny: ['x'], always_use_authenticated_groups: always }
    const { ask, transport } = await guarded(config, { anonymous: 'nobody' })
    await ask('/', { headers: { 'x-told': 'a b', apikey: key } })
    const sent = transport.sent[0]?.headers ?? []
    const told = valuesOf(sent, 'x-authenticated-groups')
    expect(told).toEqual(groups === 'told' ? ['a, b'] : [])
    expect(valuesOf(sent, 'x-consumer-groups')).toEqual(groups === 'own' ? [UTF8_GROUPS] : [])
  })

  it.each([
    { key: '', groups: ['guests'] },
    { key: 'alice', groups: [UTF8_GROUPS] },
  ])('are its own when nobody told: "$key"', async ({ key, groups }) => {
    const config = { deny: ['x'], always_use_authenticated_groups: true }
    const { ask, transport } = await guarded(config, { anonymous: 'nobody' })
    await ask('/', { headers: { apikey: key } })
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-consumer-groups')).toEqual(groups)
  })
})
