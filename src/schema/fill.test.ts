import { describe, expect, it } from 'vitest'
import type { Fields } from './field.ts'
import { fillIn, merge } from './fill.ts'

const fields: Fields = {
  name: { type: 'string' },
  given: { type: 'record', required: true, fields: { depth: { type: 'integer', default: 3 } } },
  partial: {
    type: 'record',
    required: true,
    default: { size: 200, inner: { on: true } },
    fields: {
      size: { type: 'integer', default: 1 },
      inner: {
        type: 'record',
        required: true,
        fields: { on: { type: 'boolean' }, at: { type: 'string', default: '/' } },
      },
    },
  },
  optional: { type: 'record', fields: { depth: { type: 'integer', default: 3 } } },
  secret: { type: 'record', required: true, fields: { key: { type: 'string', auto: true } } },
  opaque: { type: 'record', required: true, abstract: true },
  list: {
    type: 'array',
    default: [{ a: 1 }],
    elements: {
      type: 'record',
      fields: { a: { type: 'integer' }, b: { type: 'integer', default: 2 } },
    },
  },
}

const filled = {
  name: null,
  given: { depth: 3 },
  partial: { size: 200, inner: { on: true, at: '/' } },
  optional: null,
  secret: { key: null },
  opaque: null,
  // A default list is shown as it is written: decK compares with that.
  list: [{ a: 1 }],
}

describe('fillIn', () => {
  it('fills required records from their fields, partial defaults included', () => {
    expect(fillIn(fields, {})).toEqual(filled)
  })

  it('leaves null, also of a required record', () => {
    expect(fillIn(fields, { given: null, partial: { inner: null } })).toMatchObject({
      given: null,
      partial: { size: 1, inner: null },
    })
  })

  it('draws a secret of its own for each row, at any depth', () => {
    let drawn = 0
    const auto = () => `secret ${++drawn}`
    const keys = [fillIn(fields, {}, { auto }), fillIn(fields, { secret: {} }, { auto })]
    expect(keys.map(({ secret }) => secret)).toEqual([{ key: 'secret 1' }, { key: 'secret 2' }])
    expect(fillIn(fields, { secret: { key: 'mine' } }, { auto }).secret).toEqual({ key: 'mine' })
  })

  it('makes a default once, so that no row can change it for the others', () => {
    const [first, second] = [fillIn(fields, {}), fillIn(fields, {})]
    expect(first.partial).toBe(second.partial)
    expect(Object.isFrozen(Reflect.get(Object(first.partial), 'inner'))).toBe(true)
    expect(Object.isFrozen(fields.partial?.default)).toBe(false)
  })

  it('puts what is forced above what is sent', () => {
    expect(fillIn(fields, { name: 'sent' }, { forced: { name: 'forced' } }).name).toBe('forced')
  })
})

describe('merge', () => {
  const current = fillIn(fields, { optional: { depth: 1 } })

  it.each([
    [
      { partial: { inner: { on: false } } },
      { partial: { size: 200, inner: { on: false, at: '/' } } },
    ],
    [{ partial: [] }, {}],
    [{ list: [{ a: 5 }] }, { list: [{ a: 5 }] }],
    [{ optional: null }, { optional: null }],
    [{ opaque: { x: 1 } }, { opaque: { x: 1 } }],
    [{ given: 5 }, { given: 5 }],
    [{ unknown: 1 }, { unknown: 1 }],
  ])('%j changes %j', (change, changed) => {
    expect(merge(fields, current, change)).toEqual({ ...current, ...changed })
  })
})
