import { describe, expect, it } from 'vitest'
import { defineEntity } from './entity.ts'
import type { Fields } from './field.ts'
import { inferEntity, inferTypes } from './infer.ts'

const fields: Fields = {
  name: { type: 'string' },
  port: { type: 'integer' },
  ratio: { type: 'number' },
  enabled: { type: 'boolean' },
  codes: { type: 'array', elements: { type: 'integer' } },
  tags: { type: 'set', elements: { type: 'string' } },
  headers: { type: 'map', values: { type: 'array', elements: { type: 'string' } } },
  config: { type: 'record', fields: { minute: { type: 'number' } } },
  service: { type: 'foreign', reference: 'services' },
}

describe('inferTypes', () => {
  it.each([
    [
      { name: 'null', port: '80' },
      { name: 'null', port: 80 },
    ],
    [{ port: '0x50' }, { port: 80 }],
    [{ port: '1e2' }, { port: 100 }],
    [{ port: ' 7 ' }, { port: 7 }],
    [
      { port: 'abc', ratio: 'Infinity' },
      { port: 'abc', ratio: 'Infinity' },
    ],
    [{ enabled: 'true' }, { enabled: true }],
    [{ enabled: 'TRUE' }, { enabled: 'TRUE' }],
    [{ name: '' }, { name: null }],
    [{ tags: 'a,b' }, { tags: ['a,b'] }],
    [{ tags: [''] }, { tags: [null] }],
    [{ codes: ['200', 'x'] }, { codes: [200, 'x'] }],
    [{ codes: { '2': '200' } }, { codes: { '2': '200' } }],
    [{ headers: { a: '1', b: ['2', '3'] } }, { headers: { a: ['1'], b: ['2', '3'] } }],
    [{ config: { minute: '5' } }, { config: { minute: 5 } }],
    [{ service: '' }, { service: null }],
    [{ service: { name: 's' } }, { service: { name: 's' } }],
    [{ service: 's' }, { service: 's' }],
    [{ other: '1' }, { other: '1' }],
    [{ ttl: '100' }, { ttl: 100 }],
  ])('%j is %j', (form, expected) => {
    expect(inferTypes(fields, form)).toEqual(expected)
  })

  it('keeps a key __proto__ as a key', () => {
    const inferred = inferTypes(fields, JSON.parse('{"headers":{"__proto__":"x"}}'))
    expect(JSON.stringify(inferred)).toBe('{"headers":{"__proto__":["x"]}}')
  })

  it('knows the fields that are only written', () => {
    const entity = defineEntity({
      name: 'things',
      fields: {},
      shorthands: { size: { field: { type: 'integer' }, expand: () => ({}) } },
    })
    expect(inferEntity(entity, { size: '5' })).toEqual({ size: 5 })
  })
})
