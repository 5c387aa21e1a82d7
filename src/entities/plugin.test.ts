import { describe, expect, it } from 'vitest'
import type { Row, RowReader } from '../schema/entity.ts'
import { rowForInsert, rowForUpdate, validateOnly } from '../schema/validate.ts'
import { type PluginKind, pluginEntity } from './plugin.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const config = { type: 'record', required: true, fields: { size: { type: 'integer' } } } as const
const kinds = new Map<string, PluginKind>([
  ['done', { subschema: { fields: { config } }, enableable: true }],
  ['planned', { subschema: { fields: { config } }, enableable: false }],
])
const plugin = pluginEntity(kinds)
const insert = (input: unknown) => rowForInsert(plugin, input, context)

const IDLE =
  "plugin 'planned' has no behaviour in this release: store it with enabled=false, " +
  'or set unimplemented_plugins=ignore'

describe('plugin', () => {
  it('is filled in by its kind', () => {
    expect(insert({ name: 'done' })).toEqual({
      id,
      name: 'done',
      instance_name: null,
      created_at: 1795212381,
      updated_at: 1795212381,
      route: null,
      service: null,
      consumer: null,
      config: { size: null },
      protocols: ['grpc', 'grpcs', 'http', 'https'],
      enabled: true,
      tags: null,
    })
  })

  it.each([
    [{}, { name: 'required field missing' }],
    [{ name: 5 }, { name: 'expected a string' }],
    [{ name: ['done'] }, { name: 'expected a string' }],
    [
      { name: 'absent' },
      { name: "plugin 'absent' not enabled; add it to the 'plugins' configuration property" },
    ],
    [{ name: 'done', ordering: null }, { ordering: 'unknown field' }],
    [{ name: 'done', config: { size: 'x' } }, { config: { size: 'expected an integer' } }],
    [{ name: 'done', config: null }, { config: 'required field missing' }],
    [{ name: 'planned' }, { enabled: IDLE }],
    [{ name: 'planned', enabled: true }, { enabled: IDLE }],
    [{ name: 'planned', enabled: 'yes' }, { enabled: 'expected a boolean' }],
  ])('refuses %j', (input, fields) => {
    const violation = expect.objectContaining({ code: 2, fields })
    expect(() => insert(input)).toThrow(violation)
    expect(() => validateOnly(plugin, input, context)).toThrow(violation)
  })

  it('is kept without behaviour as long as it is not enabled', () => {
    const row = insert({ name: 'planned', enabled: false })
    const patch = (sent: object) => rowForUpdate(plugin, row, sent, context)
    expect(patch({ config: { size: 1 } })).toMatchObject({ enabled: false, config: { size: 1 } })
    expect(() => patch({ enabled: true })).toThrow(IDLE)

    const enabled = insert({ name: 'done' })
    expect(() => rowForUpdate(plugin, enabled, { name: 'planned' }, context)).toThrow(IDLE)
  })
})

describe('the protocols of a plugin', () => {
  const ROUTE = { id: 'b0000000-0000-4000-8000-000000000001', protocols: ['tcp', 'tls'] }
  const SERVICE = { id: 'c0000000-0000-4000-8000-000000000001' }
  const LONELY = { id: 'c0000000-0000-4000-8000-000000000002' }
  const rows: RowReader = {
    get: (entity, wanted) => (entity === 'routes' && wanted === ROUTE.id ? ROUTE : undefined),
    children: (entity, field, parent): readonly Row[] =>
      entity === 'routes' && field === 'service' && parent === SERVICE.id
        ? [{ ...ROUTE, protocols: ['https'] }, ROUTE]
        : [],
  }
  const OF_ROUTE = "must match the associated route's protocols"
  const OF_SERVICE =
    "must match the protocols of at least one route pointing to this Plugin's service"

  it.each([
    ['a route', { route: ROUTE, protocols: ['http'] }, OF_ROUTE],
    ['a route that shares one', { route: ROUTE, protocols: ['http', 'tls'] }, undefined],
    ['a route, and that goes first', { route: ROUTE, service: LONELY, protocols: [] }, OF_ROUTE],
    ['a route when they are filled in', { route: ROUTE }, undefined],
    ['a service', { service: SERVICE, protocols: ['udp'] }, OF_SERVICE],
    [
      'a service of which one route shares one',
      { service: SERVICE, protocols: ['tcp'] },
      undefined,
    ],
    ['a service without routes', { service: LONELY, protocols: ['udp'] }, undefined],
    ['nothing', { protocols: ['udp'] }, undefined],
  ])('fit %s', (_what, sent, error) => {
    const row = insert({ name: 'done', ...sent })
    expect(plugin.relate?.(row, rows, sent)).toEqual(error && { protocols: error })
  })
})
