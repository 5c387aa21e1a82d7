import { expect, it } from 'vitest'
import { openAdmin } from '../../test/open-admin.ts'
import { createTrafficCounts } from '../proxy/traffic-counts.ts'
import { readMetrics } from './metrics.fixture.ts'

const COUNTS = { accepted: 9, handled: 8, active: 6, reading: 1, writing: 2, waiting: 3 }

async function connectionsShown(counts: ReturnType<typeof createTrafficCounts>) {
  counts.arrived()
  const admin = await openAdmin({ counts })
  const metric = readMetrics((await admin.get('/metrics')).text).get('kong_nginx_connections_total')
  const node = { node_id: '00000000-0000-4000-8000-000000000000', subsystem: 'http' }
  for (const { labels } of metric?.samples ?? []) expect(labels).toMatchObject(node)
  return Object.fromEntries(metric?.samples.map(({ labels, value }) => [labels.state, value]) ?? [])
}

it('tells how clients’ connections stand, by nginx’ states', async () => {
  const shown = await connectionsShown(createTrafficCounts(() => COUNTS))
  // Kong: this state counts requests.
  expect(shown).toEqual({ ...COUNTS, total: 1 })
})

it('tells nothing of connections where nobody knows of them', async () => {
  expect(await connectionsShown(createTrafficCounts())).toEqual({ total: 1 })
})

it.each([
  { shown: {}, subsystems: ['http'] },
  { shown: { stream_listeners: [] }, subsystems: ['http'] },
  { shown: { stream_listeners: [{ port: 9000 }] }, subsystems: ['http', 'stream'] },
])('tells of $subsystems with the settings $shown', async ({ shown, subsystems }) => {
  const processes = () => ({ main: 1, serving: [{ pid: 7, heap: 3_000_000 }] })
  const health = () => [{ data: { host: 't.test', port: 80, addresses: [] } }] as never
  const balancers = { health, stats: () => [] }
  const admin = await openAdmin({ counts: createTrafficCounts(), processes, balancers, shown })
  await admin.json('POST /upstreams', { name: 'u' })
  const metrics = readMetrics((await admin.get('/metrics')).text)
  const labelsOf = (name: string) => metrics.get(name)?.samples.map(({ labels }) => labels) ?? []
  const heaps = labelsOf('kong_memory_workers_lua_vms_bytes')
  expect(heaps.map(({ kong_subsystem }) => kong_subsystem)).toEqual(subsystems)
  const unknown = labelsOf('kong_upstream_target_health').filter(
    ({ state }) => state === 'dns_error',
  )
  expect(unknown.map(({ subsystem }) => subsystem)).toEqual(subsystems)
})

it('tells the heap of each process that serves, which dashboards draw as memory', async () => {
  const processes = () => ({ main: 1, serving: [{ pid: 7, heap: 3_000_000 }] })
  const admin = await openAdmin({ counts: createTrafficCounts(), processes })
  const metric = readMetrics((await admin.get('/metrics')).text).get(
    'kong_memory_workers_lua_vms_bytes',
  )
  expect(metric?.samples).toMatchObject([
    { labels: { pid: '7', kong_subsystem: 'http' }, value: 3_000_000 },
  ])
})
