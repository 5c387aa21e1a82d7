import { describe, expect, it } from 'vitest'
import { checkEntity } from './check-entity.ts'
import { checkValue } from './check-value.ts'
import { noErrors } from './error-tree.ts'
import type { EntityCheck } from './field.ts'

function errorsOf(check: EntityCheck, value: Record<string, unknown>, updating = false): unknown {
  const errors = noErrors()
  checkEntity([check], value, errors, { check: checkValue, updating })
  return errors
}

describe('checkEntity', () => {
  it.each<[EntityCheck, Record<string, unknown>, string | undefined]>([
    [
      { at_least_one_of: ['a', 'b'] },
      { a: null, b: [] },
      "at least one of these fields must be non-empty: 'a', 'b'",
    ],
    [{ at_least_one_of: ['a', 'b'] }, { a: 0 }, undefined],
    [
      { only_one_of: ['a', 'b'] },
      { a: 1, b: 2 },
      "exactly one of these fields must be non-empty: 'a', 'b'",
    ],
    [{ only_one_of: ['c.a', 'c.b'] }, { c: { a: ['x'], b: [] } }, undefined],
    [
      { mutually_exclusive: ['a', 'b'] },
      { a: 1, b: 2 },
      "only one or none of these fields must be set: 'a', 'b'",
    ],
    [{ mutually_exclusive: ['a', 'b'] }, {}, undefined],
    [
      { mutually_required: ['a', 'b'] },
      { a: 1 },
      "all or none of these fields must be set: 'a', 'b'",
    ],
    [{ mutually_required: ['a', 'b'] }, { a: 1, b: 2 }, undefined],
    [
      { distinct: ['a', 'b'] },
      { a: 'x', b: 'x' },
      "values of these fields must be distinct: 'a', 'b'",
    ],
    [{ distinct: ['a', 'b'] }, { a: null, b: null }, undefined],
  ])('%j on %j', (check, value, text) => {
    expect(errorsOf(check, value)).toEqual(text === undefined ? {} : { '@entity': [text] })
  })

  it('says when at least one is missing of an update', () => {
    expect(errorsOf({ at_least_one_of: ['a'] }, {}, true)).toEqual({
      '@entity': ["when updating, at least one of these fields must be non-empty: 'a'"],
    })
  })

  it('tells a failed condition twice', () => {
    const check: EntityCheck = {
      conditional: {
        if_field: 'protocol',
        if_match: { one_of: ['tcp'] },
        then_field: 'path',
        then_match: { eq: null },
      },
    }
    expect(errorsOf(check, { protocol: 'tcp', path: '/' })).toEqual({
      '@entity': ["failed conditional validation given value of field 'protocol'"],
      path: 'value must be null',
    })
    expect(errorsOf(check, { protocol: 'http', path: '/' })).toEqual({})
    expect(errorsOf(check, { protocol: null, path: '/' })).toEqual({})
  })

  it('fills the names into a condition on several fields', () => {
    const check: EntityCheck = {
      conditional_at_least_one_of: {
        if_field: 'kind',
        if_match: { one_of: ['x'] },
        then_at_least_one_of: ['a', 'b'],
        then_err: 'must set one of %s',
      },
    }
    expect(errorsOf(check, { kind: 'x' })).toEqual({ '@entity': ["must set one of 'a', 'b'"] })
    expect(errorsOf(check, { kind: 'x', b: 1 })).toEqual({})
  })

  it('leaves a custom check out when a field it needs failed', () => {
    const check: EntityCheck = {
      custom_entity_check: { field_sources: ['a.b'], check: () => 'bad whole' },
    }
    expect(errorsOf(check, {})).toEqual({ '@entity': ['bad whole'] })

    const errors = { a: { b: 'bad field' } }
    checkEntity([check], {}, errors, { check: checkValue, updating: false })
    expect(errors).toEqual({ a: { b: 'bad field' } })
  })
})
