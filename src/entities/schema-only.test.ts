import { describe, expect, it } from 'vitest'
import { validateOnly } from '../schema/validate.ts'
import { schemaOnlyEntities } from './all.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }

const validate = (name: string, input: unknown) => {
  const entity = schemaOnlyEntities.find((one) => one.name === name)
  if (entity === undefined) throw new Error(`No entity ${name}`)
  validateOnly(entity, input, context)
}

const CHAIN = { route: { id }, filters: [{ name: 'f' }] }
const PLANE = { ip: '10.0.0.1', hostname: 'h', cert_details: {} }

describe('entities of which only the schema is there', () => {
  it.each([
    ['workspaces', { name: 'default' }],
    ['tags', { tag: 'a', entity_name: 'services' }],
    ['parameters', { key: 'cluster_id', value: 'x' }],
    ['clustering_data_planes', { ...PLANE, version: '3.9.3' }],
  ])('take a row of %s', (name, input) => {
    expect(() => validate(name, input)).not.toThrow()
  })

  it.each([
    ['workspaces', { name: '' }, { name: 'length must be at least 1' }],
    ['parameters', { key: 'a' }, { value: 'required field missing' }],
    [
      'clustering_data_planes',
      { ...PLANE, version: '3..9' },
      { version: 'must not have empty version segments' },
    ],
    [
      'clustering_data_planes',
      { ...PLANE, version: 'x' },
      { version: 'invalid version number: must be in format of X.Y.Z' },
    ],
    ['filter_chains', CHAIN, { filters: [{ name: 'no such filter' }] }],
    [
      'filter_chains',
      { ...CHAIN, service: { id } },
      {
        '@entity': ["only one or none of these fields must be set: 'service', 'route'"],
        filters: [{ name: 'no such filter' }],
      },
    ],
  ])('refuse a row of %s, case %#', (name, input, fields) => {
    expect(() => validate(name, input)).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it('keeps the names of Kong’s own paths from workspaces', () => {
    expect(() => validate('workspaces', { name: 'services' })).toThrow(
      /^schema violation \(name: must not be one of: workspaces, consumers, .*, filter_chains\)$/,
    )
  })
})
