import { describe, expect, it } from 'vitest'
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
    client_certificate: null,
    ca_certificates: null,
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
    children: (entity: string, field: string, id: string) =>
      (tables.get(entity) ?? []).filter((row) => (row[field] as Row | null)?.id === id),
    childIds: (entity: string, field: string, id: string) =>
      store.children(entity, field, id).map((row) => row.id),
    subscribe: (listener: (changes: readonly Change[]) => void) => listeners.push(listener),
  }
  const told: string[] = []
  const balancers = {
    sync: (upstreams: readonly Row[]) => told.push(`all ${upstreams.length}`),
    update: (id: string, now: { targets: readonly Row[] } | undefined) =>
      told.push(now === undefined ? `${id} gone` : `${id}: ${now.targets.map((row) => row.id)}`),
  }
  // The snapshot calls no other methods of theirs.
  const snapshots = createSnapshots(
    store as unknown as EntityStore,
    balancers as unknown as Balancers,
  )
  const edit = (entity: string, id: string, after: Row | undefined): Change => {
    const before = store.get(entity, id)
    const others = (tables.get(entity) ?? []).filter((row) => row.id !== id)
    tables.set(entity, after === undefined ? others : [...others, after])
    return { entity, id, before, after }
  }
  const commit = (...changes: readonly Change[]) => {
    revision++
    for (const listener of listeners) listener(changes)
  }
  const put = (entity: string, after: Row) => commit(edit(entity, after.id, after))
  return { snapshots, put, edit, commit, reads, told }
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
  const { snapshots, put, edit, commit, reads } = guide()
  const before = snapshots.current()
  reads.length = 0
  for (let i = 0; i < 100; i++) put('routes', route(`r${i}`, `/p${i}`, 's'))
  const after = snapshots.current()
  expect(after.router.match(asked('/p99'))?.route.name).toBe('r99')
  expect(after.router.size).toBe(101)
  // Nothing that did not change is looked at.
  expect(reads).toEqual([])
  expect(before.router.match(asked('/p99'))).toBeUndefined()
  expect(snapshots.current()).toBe(snapshots.current())

  commit(edit('routes', 'r99', undefined), edit('routes', 'r98', route('r98', '/new', 's')))
  const { router } = snapshots.current()
  expect(
    ['/p99', '/p98', '/p97', '/new'].map((path) => router.match(asked(path))?.route.id),
  ).toEqual(['r9', 'r9', 'r97', 'r98'])
  expect(after.router.match(asked('/p99'))?.route.id).toBe('r99')
})

it('serves a route that was there before its service', () => {
  const { snapshots, put, edit, commit } = setUp({ routes: [route('r', '/mock', 's')] })
  const served = () => snapshots.current().router.match(asked('/mock'))?.route.id
  expect(served()).toBeUndefined()
  put('services', service('s'))
  expect(served()).toBe('r')

  commit(edit('services', 's', undefined))
  expect(served()).toBeUndefined()
  put('services', service('s'))
  expect(served()).toBe('r')
})

it('leaves the router alone when a service, upstream or target changes', () => {
  const { snapshots, put } = guide()
  const { router } = snapshots.current()
  put('services', service('s', { host: 'other' }))
  put('upstreams', { id: 'u' })
  put('targets', { id: 't', upstream: { id: 'u' } })
  const after = snapshots.current()
  expect(after.router).toBe(router)
  const match = after.router.match(asked('/mock'))
  expect(match && after.serviceOf(match.route)?.host).toBe('other')
})

describe('balancers', () => {
  const target = (id: string, upstream: string): Row => ({ id, upstream: { id: upstream } })
  const stored = () =>
    setUp({
      upstreams: [{ id: 'u' }, { id: 'v' }],
      targets: [target('1', 'u'), target('2', 'v')],
    })

  it('are told all at first, and then only of upstreams that changed', () => {
    const { put, told, reads } = stored()
    expect(told.splice(0)).toEqual(['all 2'])
    reads.length = 0
    put('targets', target('3', 'v'))
    put('upstreams', { id: 'u' })
    put('services', service('s'))
    expect(told).toEqual(['v: 2,3', 'u: 1'])
    expect(reads).toEqual([])
  })

  it('are told once in a commit, first of what goes', () => {
    const { edit, commit, told } = stored()
    told.length = 0
    commit(
      edit('upstreams', 'w', { id: 'w' }),
      edit('targets', '1', target('1', 'w')),
      edit('targets', '2', undefined),
      edit('upstreams', 'v', undefined),
    )
    expect(told).toEqual(['v gone', 'w: 1', 'u: '])
  })
})

it('shows and trusts what is stored under the ids a service names', () => {
  const own = { client_certificate: { id: 'c' }, ca_certificates: ['root', 'gone'] }
  const { snapshots, put } = setUp({
    services: [service('s', own), service('t', { ca_certificates: [] })],
    routes: [route('r', '/mock', 's'), route('q', '/bare', 't')],
    certificates: [{ id: 'c', cert: 'one', key: 'k' }],
    ca_certificates: [{ id: 'root', cert: 'R' }],
  })
  const served = (path: string) => {
    const snapshot = snapshots.current()
    const match = snapshot.router.match(asked(path))
    return match && snapshot.serviceOf(match.route)
  }
  const before = served('/mock')
  expect(before).toMatchObject({ ca: ['R'], clientCertificate: { id: 'c', cert: 'one' } })
  expect(served('/bare')).toMatchObject({ ca: [], clientCertificate: undefined })
  expect(served('/mock')).toBe(before)

  put('certificates', { id: 'c', cert: 'two', key: 'k' })
  expect(served('/mock')?.clientCertificate?.cert).toBe('two')
  put('ca_certificates', { id: 'root', cert: 'S' })
  expect(served('/mock')?.ca).toEqual(['S'])
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

it('compiles the streams again only when a stream route changes', () => {
  const stream = (id: string, port: number): Row => ({
    ...route(id, '/', null),
    protocols: ['tcp'],
    paths: null,
    sources: null,
    destinations: [{ port }],
  })
  const { snapshots, put } = setUp({ routes: [route('r', '/r', null), stream('s', 1)] })
  const to = (destinationPort: number) =>
    snapshots.current().streams({
      ...{ protocol: 'tcp', sourceIp: '::1', sourcePort: 1, destinationIp: '::1' },
      destinationPort,
    })?.id
  const { streams } = snapshots.current()
  expect([to(1), to(2)]).toEqual(['s', undefined])

  put('routes', route('r', '/other', null))
  expect(snapshots.current().streams).toBe(streams)

  put('routes', stream('s', 2))
  expect([to(1), to(2)]).toEqual([undefined, 's'])
  put('routes', route('s', '/s', null))
  expect(to(2)).toBeUndefined()
})
