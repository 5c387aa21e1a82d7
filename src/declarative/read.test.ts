import { describe, expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import { isUuid, uuidV5 } from '../lib/uuid.ts'
import { EntityError } from '../schema/entity-error.ts'
import { readDeclarative } from './read.ts'

const given = '8d5bd0a3-6d3e-4d7c-9d4f-0f0f0f0f0f0f'

async function read(document: object, flatten = false) {
  let made = 0
  const newId = () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`
  const context = { now: 1795212381759, newId, secret: () => '' }
  const whole = { _format_version: '3.0', ...document }
  const { rows } = await readDeclarative(whole, { entities: allEntities, context, flatten })
  return rows
}

async function refusal(document: object, flatten = false) {
  try {
    await read(document, flatten)
  } catch (error) {
    if (error instanceof EntityError) return JSON.parse(JSON.stringify(error.toBody()))
    throw error
  }
  throw new Error('Cannot find a refusal')
}

const derived = (table: string, name: string) =>
  uuidV5(uuidV5('fd02801f-0957-4a15-a55a-c8d9606f30b5', table), name)

describe('readDeclarative', () => {
  it('gives entities the ids Kong derives, children under their parents', async () => {
    const { services, routes, upstreams, targets } = await read({
      upstreams: [{ name: 'u', targets: [{ target: '1.2.3.4' }, { target: '1.2.3.4:8000' }] }],
      services: [
        { name: 's', host: 'u', routes: [{ name: 'r', paths: ['/'] }, { paths: ['/b'] }] },
      ],
    })
    const upstream = derived('upstreams', 'u')
    const service = derived('services', 's')
    expect(upstreams).toMatchObject([{ id: upstream, name: 'u', slots: 10000 }])
    expect(services).toMatchObject([{ id: service, port: 80 }])
    expect(routes).toMatchObject([
      { id: derived('routes', 'r'), service: { id: service } },
      { id: '00000000-0000-4000-8000-000000000001', service: { id: service } },
    ])
    expect(targets).toMatchObject([
      { id: derived('targets', `targets:*:${upstream}:1.2.3.4`), target: '1.2.3.4' },
      { id: derived('targets', `targets:*:${upstream}:1.2.3.4:8000`), upstream: { id: upstream } },
    ])
  })

  it('finds references by key, by id and as an object', async () => {
    const { routes } = await read({
      services: [{ name: 's', id: given, host: 'h' }],
      routes: [
        { paths: ['/'], service: 's' },
        { paths: ['/'], service: given },
        { paths: ['/'], service: { id: given } },
        { paths: ['/'], service: null },
      ],
    })
    expect(routes?.map((row) => row.service)).toEqual([
      { id: given },
      { id: given },
      { id: given },
      null,
    ])
  })

  it('finds references by an id that is derived', async () => {
    const id = derived('services', 's')
    const { routes } = await read({
      services: [{ name: 's', host: 'h' }],
      routes: [
        { paths: ['/'], service: id },
        { paths: ['/'], service: { id } },
      ],
    })
    expect(routes?.map((row) => row.service)).toEqual([{ id }, { id }])
  })

  it('passes over remarks and empty tables', async () => {
    const remarks = { _comment: 'for people', _ignore: [{ anything: 1 }] }
    const { services } = await read({
      ...remarks,
      _transform: false,
      services: [{ name: 's', host: 'h', ...remarks }],
      routes: null,
      upstreams: {},
      plugins: [],
    })
    expect(services).toHaveLength(1)
    expect(services?.[0]).not.toHaveProperty('_comment')
  })

  it.each([
    ['1.1', ['~/a\\d+', '/d ']],
    ['2.1', ['~/a\\d+', '/d ']],
  ])('migrates the paths of format %s', async (version, paths) => {
    const { routes } = await read({
      _format_version: version,
      services: [{ name: 's', host: 'h', routes: [{ name: 'r', paths: ['/a\\d+', '/d%20'] }] }],
    })
    expect(routes?.[0]?.paths).toEqual(paths)
  })

  it('takes the paths of format 3.0 as they are', async () => {
    expect((await read({ routes: [{ paths: ['/a\\d+'] }] })).routes?.[0]?.paths).toEqual(['/a\\d+'])
  })

  it('tells everything at once, by table and place', async () => {
    const body = await refusal({
      _format_version: 3,
      _transform: 'no',
      _workspace: 'w',
      services: [
        { name: 'a', host: 'h' },
        { name: 'a', host: 'h', routes: [{ paths: ['x'], service: 'a' }, 5], nope: 1 },
      ],
      routes: [{ name: 'r', paths: ['/'], service: 'none' }],
      targets: 'x',
    })
    expect(body.fields).toEqual({
      _format_version: 'expected a string',
      _transform: 'expected a boolean',
      _workspace: 'unknown field',
      services: [
        null,
        {
          '@entity': [
            "uniqueness violation: 'services' entity with name set to 'a' already declared",
          ],
          nope: 'unknown field',
          routes: [
            {
              paths: ['should start with: / (fixed path) or ~/ (regex path)'],
              service: 'value must be null',
            },
            'expected a record',
          ],
        },
      ],
      routes: [{ service: { id: 'missing primary key' } }],
      targets: 'expected an array',
    })
    expect(body).toMatchObject({ code: 14, name: 'invalid declarative configuration' })
  })

  it.each([
    [{ _format_version: undefined }, { _format_version: 'required field missing' }],
    [{ _format_version: '1.0' }, { _format_version: 'expected one of: 1.1, 2.1, 3.0' }],
    [
      { routes: [{ name: 'r', paths: ['/'], service: 'nope' }] },
      { routes: { r: ["invalid reference 'service: nope' (no such entry in 'services')"] } },
    ],
    [
      { routes: [{ name: 'r', paths: ['/'], service: { name: 's' } }] },
      { routes: [{ service: { id: 'missing primary key' } }] },
    ],
    [
      { services: [{ name: 's', host: 'h', protocol: 'https', client_certificate: given }] },
      {
        services: {
          s: [`invalid reference 'client_certificate: ${given}' (no such entry in 'certificates')`],
        },
      },
    ],
    [
      {
        services: [
          { host: 'h', id: given },
          { host: 'i', id: given },
        ],
      },
      {
        services: [
          null,
          `uniqueness violation: 'services' entity with primary key set to '${given}' already declared`,
        ],
      },
    ],
    [
      { upstreams: [{ name: 'u', targets: [{ target: 'a b' }] }] },
      {
        upstreams: [
          { targets: [{ target: "Invalid target ('a b'); not a valid hostname or ip address" }] },
        ],
      },
    ],
  ])('refuses %j', async (document, fields) => {
    expect((await refusal(document)).fields).toEqual(fields)
  })

  it('refuses a target declared twice', async () => {
    const targets = [{ target: 'a' }, { target: 'a' }]
    const { fields } = await refusal({ upstreams: [{ name: 'u', targets }] })
    expect(fields.upstreams[0].targets[1]).toContain("uniqueness violation: 'targets' entity with")
  })

  it.each([[[]], ['x'], [null], [5]])('refuses %j, which is no configuration', async (document) => {
    const options = {
      entities: allEntities,
      context: { now: 0, newId: () => given, secret: () => '' },
    }
    await expect(readDeclarative(document, options)).rejects.toThrow(
      'declarative config is invalid: {error="failed parsing declarative configuration: expected an object"}',
    )
  })

  it('names each thing of Kong that there is none of here', async () => {
    const { fields } = await refusal({
      parameters: [{ key: 'k', value: 'secret' }],
      filter_chains: [{ name: 'a' }, { name: 'b' }],
      services: [{ name: 's', host: 'h', filter_chains: [{ filters: [] }] }],
      workspaces: [{ name: 'default' }, { name: 'other' }],
      clustering_data_planes: {},
    })
    expect(fields).toEqual({
      parameters: 'parameters are not supported here',
      filter_chains: 'filter_chains are not supported here: a, b',
      services: [{ filter_chains: 'filter_chains are not supported here' }],
      workspaces: 'workspaces are not supported here: default, other',
    })
  })

  it.each([
    ['the workspace there is', { workspaces: [{ name: 'default' }] }],
    ['what Kong exports of its cluster', { parameters: [{ key: 'cluster_id', value: given }] }],
  ])('tolerates %s', async (_what, document) => {
    await expect(read(document)).resolves.toBeDefined()
  })

  it('is safe with names of Object', async () => {
    const hostile = JSON.parse(
      '{"__proto__":{"a":1},"constructor":[],"services":[{"name":"__proto__","host":"h","__proto__":1}]}',
    )
    const { fields } = await refusal({ ...hostile, ...JSON.parse('{"__proto__":1}') })
    expect(Object.keys(fields)).toContain('__proto__')
    expect(Object.keys(fields)).toContain('constructor')
    expect(Reflect.get({}, 'a')).toBeUndefined()
  })

  it('flattens errors by entity, children first', async () => {
    const document = {
      unknown: 1,
      services: [
        {
          name: 'b',
          id: given,
          tags: ['t'],
          routes: [{ name: 'q', paths: ['/ok', '/a/../b'] }],
        },
        { name: 'c', host: 'h' },
        { name: 'c', host: 'i' },
      ],
    }
    const body = await refusal(document, true)
    expect(body.message).toBe('declarative config is invalid: {unknown="unknown field"}')
    expect(body.flattened_errors).toEqual([
      {
        entity_type: 'route',
        entity_name: 'q',
        entity: { name: 'q', paths: ['/ok', '/a/../b'], service: { id: given } },
        errors: [
          {
            type: 'field',
            field: 'paths.2',
            message: "non-normalized path, consider use '/b' instead",
          },
        ],
      },
      {
        entity_type: 'service',
        entity_name: 'b',
        entity_id: given,
        entity_tags: ['t'],
        entity: { name: 'b', id: given, tags: ['t'] },
        errors: [{ type: 'field', field: 'host', message: 'required field missing' }],
      },
      {
        entity_type: 'service',
        entity_name: 'c',
        entity: { name: 'c', host: 'i' },
        errors: [
          {
            type: 'entity',
            message:
              "uniqueness violation: 'services' entity with name set to 'c' already declared",
          },
        ],
      },
    ])
  })

  it('gives entities without a name a new id each time', async () => {
    const { routes } = await read({ routes: [{ paths: ['/'] }] })
    expect(isUuid(routes?.[0]?.id ?? '')).toBe(true)
  })
})
