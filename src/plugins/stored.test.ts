import { describe, expect, it } from 'vitest'
import { insertPlugin, storedConfig, violationsOf } from '../../test/plugins/configs.ts'
import { leastConfigs } from '../../test/plugins/least-configs.ts'
import { type Fields, isObject, type Rules } from '../schema/field.ts'
import { allPlugins } from './all.ts'

describe('a plugin as stored', () => {
  it.each(allPlugins.map((plugin) => [plugin.name, plugin] as const))(
    'has every field of %s, null where there is no value',
    (name, { config }) => {
      expect(missingIn(config, storedConfig(name, leastConfigs[name]))).toEqual([])
    },
  )

  it.each([
    ['key-auth', { protocols: ['grpc', 'grpcs', 'http', 'https'] }],
    ['ip-restriction', { protocols: ['http', 'https', 'tcp', 'tls', 'grpc', 'grpcs'] }],
  ])('speaks by default what %s speaks', (name, protocols) => {
    expect(insertPlugin(name, leastConfigs[name])).toMatchObject(protocols)
  })

  const id = 'a2a10a5c-5a1e-4b4e-8e5c-4a4f0d1f2c3b'
  it.each([
    ['key-auth', { consumer: { id } }, { consumer: 'value must be null' }],
    ['key-auth', { route: { id }, service: { id } }, undefined],
    ['rate-limiting', { consumer: { id } }, undefined],
    [
      'acme',
      { consumer: { id }, service: { id }, route: { id } },
      {
        consumer: 'value must be null',
        service: 'value must be null',
        route: 'value must be null',
      },
    ],
  ])('may be scoped as %s may', (name, scopes, fields) => {
    expect(violationsOf(name, leastConfigs[name], scopes)).toEqual(fields)
  })

  it.each([
    ['key-auth', ['tcp'], { protocols: ['expected one of: grpc, grpcs, http, https'] }],
    ['tcp-log', ['tcp'], undefined],
  ])('is for the protocols of %s alone', (name, protocols, fields) => {
    expect(violationsOf(name, leastConfigs[name], { protocols })).toEqual(fields)
  })

  it('takes the default of a record before those of its fields', () => {
    const { traces_endpoint } = { traces_endpoint: 'http://collector/traces' }
    expect(storedConfig('opentelemetry', { traces_endpoint })).toMatchObject({
      queue: { max_batch_size: 200, max_entries: 10000 },
      propagation: { default_format: 'w3c', extract: null },
    })
  })

  // Kong fills these in too, and decK, which compares with the schema's default, never comes to rest.
  it.each(['datadog', 'statsd'])('shows the default metrics of %s as they are written', (name) => {
    const schema = allPlugins.find((plugin) => plugin.name === name)?.config
    expect(storedConfig(name)).toMatchObject({ metrics: schema?.fields.metrics?.default })
    const metrics = [{ name: 'latency', stat_type: 'timer' }]
    expect(storedConfig(name, { metrics })).toMatchObject({ metrics: [{ sample_rate: null }] })
  })

  it('gets a provision key made up', () => {
    expect(storedConfig('oauth2', leastConfigs.oauth2)).toMatchObject({ provision_key: 'sesame' })
  })
})

/** The fields that a stored value lacks, as paths. */
function missingIn(rules: Rules & { default?: unknown }, value: unknown): string[] {
  const { fields, elements, default: byDefault } = rules
  // A default list is shown as it is written.
  if (Array.isArray(value) && value === byDefault) return []
  if (Array.isArray(value)) return value.flatMap((item) => missingIn(elements ?? {}, item))
  return isObject(value) && fields !== undefined ? missingMembers(fields, value) : []
}

function missingMembers(fields: Fields, value: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    name in value ? missingIn(field, value[name]).map((path) => `${name}.${path}`) : [name],
  )
}
