import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

const S = '11111111-1111-4111-8111-111111111111'
const C = '33333333-3333-4333-8333-333333333333'
const P = '44444444-4444-4444-8444-444444444444'

describe('Kong Manager (clients §2)', () => {
  let admin: Gate
  beforeEach(async () => {
    admin = await openAdmin()
    await admin.json('POST /upstreams', { id: S, name: 'u' })
    await admin.json('POST /plugins', { id: P, name: 'key-auth' })
    await admin.json('POST /consumers', { id: C, username: 'c' })
  })

  it.each([
    'services',
    'routes',
    'consumers',
    'plugins',
    'upstreams',
    'certificates',
    'ca_certificates',
    'snis',
    'vaults',
    'keys',
    'key-sets',
    `upstreams/${S}/targets`,
    `consumers/${C}/key-auth`,
    `consumers/${C}/oauth2`,
  ])('lists %s, and asks for an order we do not have', async (path) => {
    expect((await admin.get(`/${path}?sort_desc=1&size=30`)).status).toBe(200)
  })

  it('switches a plugin by sending the whole of it back', async () => {
    const { body } = await admin.get(`/plugins/${P}?expand_partials=true`)
    const off = await admin.json(`PATCH /plugins/${P}`, { ...body, enabled: false })
    expect(off).toMatchObject({ status: 200, body: { ...body, enabled: false } })
  })

  it('sends empty lists and maps, nulls, and the upstream with its target', async () => {
    const input = { name: 's', host: 'h', path: null, tags: [], client_certificate: null }
    const { body } = await admin.json('POST /services', input)
    const route = { name: 'r', paths: ['/'], headers: {}, tags: [], service: { id: body.id } }
    expect((await admin.json(`POST /services/${body.id}/routes`, route)).status).toBe(201)
    expect((await admin.json(`PATCH /services/${body.id}`, body)).status).toBe(200)
    const target = { target: 't:1', weight: 1, tags: [], upstream: { id: S } }
    expect((await admin.json(`POST /upstreams/${S}/targets`, target)).status).toBe(201)
  })
})
