import { describe, expect, it } from 'vitest'
import { collectWanted } from './collect.ts'
import { joinContent } from './content.ts'
import type { State } from './current.ts'
import { type Resolved, resolve } from './resolve.ts'
import { SyncError } from './sync-error.ts'

const ID = '00000000-0000-4000-8000-000000000001'
const NEW = '00000000-0000-4000-8000-00000000ffff'

function resolveFile(members: object, state: State = new Map()): readonly Resolved[] {
  const document = { _format_version: '3.0', ...members }
  const wanted = collectWanted(joinContent([{ name: 'f', document }]))
  return resolve(wanted, { state, selectTags: [], newId: () => NEW })
}

const problemsOf = (members: object, state?: State): readonly string[] => {
  try {
    resolveFile(members, state)
    return []
  } catch (error) {
    if (error instanceof SyncError) return error.problems
    throw error
  }
}

describe('what cannot be found is said', () => {
  it.each<[object, string]>([
    [{ services: [{ host: 'h' }] }, 'f: services[1]: needs name, or an id'],
    [{ consumers: [{}] }, 'f: consumers[1]: needs username or custom_id, or an id'],
    [
      { consumers: [{ username: 'm', keyauth_credentials: [{}] }] },
      'f: consumers[1].keyauth_credentials[1]: needs key, or an id',
    ],
    [{ services: ['x'] }, 'f: services[1]: expected members such as id: or name:'],
    [{ services: [{ name: 's', routes: {} }] }, 'f: services[1]: routes: expected a list'],
    [
      { routes: [{ name: 'r', service: 'nope' }] },
      'f: routes[1]: service: no service "nope" in the files',
    ],
    [{ routes: [{ name: 'r', service: {} }] }, 'f: routes[1]: service: expected a name or an id'],
    [
      { services: [{ name: 's' }, { name: 's' }] },
      'f: services[2]: is the same service as f: services[1]',
    ],
    [
      { plugins: [{ name: 'cors' }, { name: 'cors' }] },
      'f: plugins[2]: is the same plugin as f: plugins[1]',
    ],
    [
      { plugins: [{ name: 'cors', _config: 'nope' }] },
      'f: plugins[1]: _config "nope" is not among _plugin_configs',
    ],
    [
      { plugins: [{ name: 'cors', consumer_group: 'g' }] },
      'f: plugins[1]: consumer_group is not in Kong OSS',
    ],
    [
      { services: [{ name: 's', url: 'nowhere' }] },
      'f: services[1]: url: expected something like http://host:80/path, not "nowhere"',
    ],
  ])('%j', (members, problem) => {
    expect(problemsOf(members)).toEqual([problem])
  })

  it('also what is there, but would be deleted', () => {
    const state: State = new Map([['services', [{ id: ID, name: 'old' }]]])
    for (const service of ['old', ID])
      expect(problemsOf({ routes: [{ name: 'r', service }] }, state)).toEqual([
        `f: routes[1]: service: the service "${service}" is on the gateway but not in the files, so a sync would delete it`,
      ])
  })
})

describe('an id', () => {
  const state: State = new Map([['services', [{ id: ID, name: 's' }]]])

  it.each<[string, object, string]>([
    ['is found by name', { name: 's' }, ID],
    ['is made where there is none', { name: 't' }, NEW],
    ['is the file’s where it says one', { id: NEW.toUpperCase(), name: 's' }, NEW],
  ])('%s', (_, service, id) => {
    expect(resolveFile({ services: [service] }, state)[0]?.id).toBe(id)
  })

  it('is not found by a name when another bears it', () => {
    const services = [{ id: ID, name: 'renamed' }, { name: 's' }]
    expect(resolveFile({ services }, state).map(({ id }) => id)).toEqual([ID, NEW])
  })
})

it.each(['s', { name: 's' }, { id: ID }, ID])('%j names a service', (service) => {
  const members = { services: [{ id: ID, name: 's' }], routes: [{ name: 'r', service }] }
  expect(resolveFile(members)[1]?.members.service).toEqual({ id: ID })
})

it.each([
  ['http://h.test', { protocol: 'http', host: 'h.test', port: 80 }],
  ['https://h.test:1/in', { protocol: 'https', host: 'h.test', port: 1, path: '/in' }],
  ['https://h.test/', { protocol: 'https', host: 'h.test', port: 443, path: '/' }],
  ['grpc://h.test', { protocol: 'grpc', host: 'h.test', port: 80 }],
])('url %s says where a service is', (url, parts) => {
  const [service] = resolveFile({ services: [{ name: 's', url }] })
  expect(service?.members).toEqual({ id: NEW, name: 's', url: undefined, ...parts })
})

it('lets a plugin’s own config stand over the shared one', () => {
  const [plugin] = resolveFile({
    _plugin_configs: { shared: { a: 1, b: 2 } },
    plugins: [{ name: 'cors', _config: 'shared', config: { b: 3 } }],
  })
  expect(plugin?.members.config).toEqual({ a: 1, b: 3 })
})
