import { describe, expect, it } from 'vitest'
import { applyPlan } from './apply.ts'
import { adminClient, type Fetch } from './client.ts'
import { kindOf } from './kinds.ts'
import type { Change, Plan } from './plan.ts'
import { NO_SCHEMA } from './schema.ts'

const change = (
  action: Change['action'],
  table: string,
  { id = table, ...members }: { readonly id?: string } & Record<string, unknown> = {},
): Change => {
  const kind = kindOf(table)
  if (kind === undefined) throw new Error(`no ${table}`)
  const row = { id, ...members }
  return {
    ...{ action, kind, id, label: id, differences: [], schema: NO_SCHEMA },
    before: action === 'create' ? undefined : row,
    after: action === 'delete' ? undefined : row,
  }
}

const plan: Plan = {
  clearing: [],
  writes: [
    change('update', 'services'),
    change('create', 'services', { id: 's2' }),
    change('create', 'routes'),
    change('create', 'targets', { upstream: { id: 'u' } }),
    change('create', 'plugins'),
  ],
  deletes: [
    change('delete', 'plugins', { id: 'p2' }),
    change('delete', 'keyauth_credentials', { id: 'k', consumer: { id: 'c' } }),
    change('delete', 'consumers', { id: 'c' }),
  ],
}

/** A gateway that answers by a table, and keeps what it was asked. */
function gateway(answer: (call: string) => { status: number; body?: unknown }) {
  const calls: string[] = []
  const bodies: unknown[] = []
  let underWay = 0
  const seen = { most: 0 }
  const fetch: Fetch = async (url, { method, body }) => {
    const call = `${method} ${new URL(url).pathname}`
    calls.push(call)
    bodies.push(body === undefined ? undefined : JSON.parse(body))
    seen.most = Math.max(seen.most, ++underWay)
    await Promise.resolve()
    underWay--
    const { status, body: said = {} } = answer(call)
    return { status, text: async () => JSON.stringify(said) }
  }
  return { client: adminClient({ url: 'http://a', headers: {}, fetch }), calls, bodies, seen }
}

const kong = (call: string) => {
  if (call.endsWith('/batch')) return { status: 404 }
  return { status: call.startsWith('PUT /upstreams/u/targets/') ? 404 : 200 }
}

describe('applyPlan', () => {
  it('writes to a Kong what is referred to first, and deletes it last', async () => {
    const { client, calls } = gateway(kong)
    await applyPlan(client, plan, { parallelism: 1 })
    expect(calls).toEqual([
      'OPTIONS /batch',
      'PUT /services/services',
      'PUT /services/s2',
      'PUT /routes/routes',
      'PUT /upstreams/u/targets/targets',
      'POST /upstreams/u/targets',
      'PUT /plugins/plugins',
      'DELETE /plugins/p2',
      'DELETE /consumers/c/key-auth/k',
      'DELETE /consumers/c',
    ])
  })

  it('keeps to its parallelism', async () => {
    const { client, seen } = gateway(kong)
    const writes = Array.from({ length: 50 }, (_, i) =>
      change('create', 'services', { id: String(i) }),
    )
    await applyPlan(client, { clearing: [], writes, deletes: [] }, { parallelism: 7 })
    expect(seen.most).toBe(7)
  })

  it('stops at a refusal, and says how far it came', async () => {
    const { client, calls } = gateway((call) =>
      call === 'PUT /routes/routes' ? { status: 400, body: { message: 'no\n  good' } } : kong(call),
    )
    await expect(applyPlan(client, plan, { parallelism: 1 })).rejects.toMatchObject({
      problems: [
        'cannot create route routes: 400 no good',
        'the sync stopped at about 2 of 8 changes; run it again when this is mended',
      ],
    })
    expect(calls).not.toContain('PUT /plugins/plugins')
  })

  it('sends a gibbon one commit', async () => {
    const { client, calls, bodies } = gateway((call) => ({
      status: call.startsWith('OPTIONS') ? 204 : 200,
    }))
    expect(await applyPlan(client, plan, { parallelism: 1 })).toMatchObject({ atomic: true })
    expect(calls).toEqual(['OPTIONS /batch', 'POST /batch'])
    expect(bodies[1]).toMatchObject({
      steps: [
        { put: { entity: 'services', id: 'services', value: { id: 'services' } } },
        ...Array.from({ length: 4 }, () => ({ put: {} })),
        { delete: { entity: 'plugins', id: 'p2' } },
        { delete: { entity: 'keyauth_credentials', id: 'k' } },
        { delete: { entity: 'consumers', id: 'c' } },
      ],
    })
  })

  it('names the change a commit was refused for', async () => {
    const refused = { message: 'schema violation', step: 2, hint: 'x' }
    const { client } = gateway((call) =>
      call.startsWith('OPTIONS') ? { status: 204 } : { status: 400, body: refused },
    )
    await expect(applyPlan(client, plan, { parallelism: 1 })).rejects.toThrow(
      'cannot create route routes: 400 schema violation (x); nothing was changed',
    )
  })

  it.each([
    ['the gateway says so', 10, 413],
    ['it is over 9 MB', 9_000_000, 200],
  ])('writes one by one what is too large for a commit: %s', async (_, size, status) => {
    const { client, calls } = gateway((call) => ({
      status: call.startsWith('OPTIONS') ? 204 : call === 'POST /batch' ? status : 200,
    }))
    const writes = [change('create', 'services', { id: 's', path: '/'.repeat(size) })]
    const applied = await applyPlan(
      client,
      { clearing: [], writes, deletes: [] },
      { parallelism: 1 },
    )
    expect(applied.warnings).toEqual([
      '1 changes are too large for one commit; they were written one by one',
    ])
    expect(calls.at(-1)).toBe('PUT /services/s')
  })
})
