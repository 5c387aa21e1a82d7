import { expect, it } from 'vitest'
import type { Balancers } from '../balancer/balancers.ts'
import type { RouterRequest } from '../router/router.ts'
import type { Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Change } from '../store/tables.ts'
import { createSnapshots } from './snapshot.ts'

function service(id: string, given: Record<string, unknown> = {}): Row {
  return {
    id,
    name: id,
    protocol: 'http',
    host: 'example_upstream',
    port: 80,
    path: null,
    retries: 5,
    connect_timeout: 1000,
    write_timeout: 2000,
    read_timeout: 3000,
    tls_verify: null,
    tls_verify_depth: null,
    enabled: true,
    ...given,
  }
}

function route(id: string, path: string, serviceId: string | null): Row {
  return {
    id,
    name: id,
    protocols: ['http', 'https'],
    methods: null,
    hosts: null,
    paths: [path],
    headers: null,
    snis: null,
    regex_priority: 0,
    service: serviceId === null ? null : { id: serviceId },
    strip_path: true,
    preserve_host: false,
    request_buffering: true,
    response_buffering: true,
    path_handling: 'v0',
    https_redirect_status_code: 426,
  }
}

function setUp(rows: Record<string, Row[]>) {
  const tables = new Map(Object.entries(rows))
  const listeners: ((changes: readonly Change[]) => void)[] = []
  const reads: string[] = []
  let revision = 1
  const store = {
    get revision() {
      return revision
    },
    all: (entity: string) => {
      reads.push(entity)
      return tables.get(entity) ?? []
    },
    get: (entity: string, id: string) => tables.get(entity)?.find((row) => row.id === id),
    subscribe: (listener: (changes: readonly Change[]) => void) => listeners.push(listener),
  }
  let synced = 0
  const balancers = { sync: () => synced++ }
  // The snapshot calls no other methods of theirs.
  const snapshots = createSnapshots(
    store as unknown as EntityStore,
    balancers as unknown as Balancers,
  )
  const put = (entity: string, after: Row) => {
    const before = store.get(entity, after.id)
    const others = (tables.get(entity) ?? []).filter((row) => row.id !== after.id)
    tables.set(entity, [...others, after])
    revision++
    for (const listener of listeners) listener([{ entity, id: after.id, before, after }])
  }
  return { snapshots, put, reads, synced: () => synced }
}

const asked = (path: string): RouterRequest => ({
  method: 'GET',
  host: 'a',
  port: 80,
  path,
  headers: [],
  scheme: 'http',
})

const guide = () => setUp({ services: [service('s')], routes: [route('r', '/mock', 's')] })

it('serves what is stored', () => {
  const snapshot = guide().snapshots.current()
  const match = snapshot.router.match(asked('/mock'))
  expect([match?.route.name, match?.prefix]).toEqual(['r', '/mock'])
  expect(match && snapshot.serviceOf(match.route)).toMatchObject({
    host: 'example_upstream',
    attempts: 6,
    connectTimeout: 1000,
    tlsVerify: false,
  })
})

it('shows a change to the very next request, and compiles many at once', () => {
  const { snapshots, put, reads } = guide()
  const before = snapshots.current()
  reads.length = 0
  for (let i = 0; i < 100; i++) put('routes', route(`r${i}`, `/p${i}`, 's'))
  expect(reads).toEqual([])
  expect(snapshots.current().router.match(asked('/p99'))?.route.name).toBe('r99')
  expect(reads).toEqual(['routes'])
  expect(before.router.match(asked('/p99'))).toBeUndefined()
  expect(snapshots.current()).toBe(snapshots.current())
})

it('leaves the router alone when a service, upstream or target changes', () => {
  const { snapshots, put, synced } = guide()
  const { router } = snapshots.current()
  put('services', service('s', { host: 'other' }))
  put('upstreams', { id: 'u' })
  put('targets', { id: 't' })
  const after = snapshots.current()
  expect(after.router).toBe(router)
  const match = after.router.match(asked('/mock'))
  expect(match && after.serviceOf(match.route)?.host).toBe('other')
  expect(synced()).toBe(3)
})

it('does not match the routes of a disabled service', () => {
  const { snapshots, put } = guide()
  put('services', service('s', { enabled: false }))
  expect(snapshots.current().router.match(asked('/mock'))).toBeUndefined()
  put('services', service('s'))
  expect(snapshots.current().router.match(asked('/mock'))?.route.id).toBe('r')
})

it('matches a route without a service', () => {
  const snapshot = setUp({ routes: [route('r', '/', null)] }).snapshots.current()
  const match = snapshot.router.match(asked('/'))
  expect(match?.route.id).toBe('r')
  expect(match && snapshot.serviceOf(match.route)).toBeUndefined()
})
