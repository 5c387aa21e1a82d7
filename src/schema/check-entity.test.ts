import { describe, expect, it } from 'vitest'
import { checkEntity } from './check-entity.ts'
import { checkValue } from './check-value.ts'
import { type FieldErrors, noErrors } from './error-tree.ts'
import type { EntityCheck, Fields } from './field.ts'

function errorsOf(
  check: EntityCheck,
  value: Record<string, unknown>,
  { updating = false, fields = {} }: { updating?: boolean; fields?: Fields } = {},
): FieldErrors {
  const context = { fields, check: checkValue, updating }
  return checkEntity([check], value, undefined, context) ?? noErrors()
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
    expect(errorsOf({ at_least_one_of: ['a'] }, { a: null }, { updating: true })).toEqual({
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
    expect(errorsOf(check, {})).toEqual({})
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
    expect(errorsOf(check, { a: { b: null } })).toEqual({ '@entity': ['bad whole'] })

    const errors = { a: { b: 'bad field' } }
    checkEntity([check], { a: { b: 5 } }, errors, {
      fields: {},
      check: checkValue,
      updating: false,
    })
    expect(errors).toEqual({ a: { b: 'bad field' } })
  })
  it('says of a condition what its author wrote, on the whole alone', () => {
    const check: EntityCheck = {
      conditional: {
        if_field: 'a',
        if_match: { eq: 1 },
        then_field: 'b.c',
        then_match: { len_eq: 0 },
        then_err: 'no c beside 1',
      },
    }
    const fields: Fields = {
      a: { type: 'integer' },
      b: { type: 'record', fields: { c: { type: 'set', elements: { type: 'string' } } } },
    }
    expect(errorsOf(check, { a: 1, b: { c: ['x'] } }, { fields })).toEqual({
      '@entity': ['no c beside 1'],
      b: { c: 'length must be 0' },
    })
  })

  it.each<[EntityCheck]>([
    [{ mutually_exclusive: ['a', 'b'] }],
    [{ mutually_required: ['a', 'b'] }],
  ])('%j is not asked of fields that failed by themselves', (check) => {
    const value = 'mutually_required' in check ? { a: 1, b: null } : { a: 1, b: 2 }
    const context = { fields: {}, check: checkValue, updating: false }
    const told = (errors: FieldErrors) => checkEntity([check], value, errors, context)
    expect(told({ a: 'bad' })).toEqual({ a: 'bad' })
    expect(told({ c: 'bad' })).toHaveProperty('@entity')
  })

  it.each<[Record<string, unknown>, boolean, unknown]>([
    [{ kind: undefined, rate: null }, false, { kind: 'field required for entity check' }],
    [{ kind: undefined, rate: 1 }, true, { kind: 'field required for entity check when updating' }],
    [{ kind: undefined, rate: undefined }, false, {}],
    [{ kind: null, rate: null }, false, {}],
  ])('a condition on what is lacking in %j says so there', (value, updating, told) => {
    const check: EntityCheck = {
      conditional: {
        if_field: 'kind',
        if_match: { one_of: ['counter'] },
        then_field: 'rate',
        then_match: { required: true },
      },
    }
    const fields: Fields = { kind: { type: 'string', required: true }, rate: { type: 'number' } }
    expect(errorsOf(check, value, { updating, fields })).toEqual(told)
  })

  it.each([
    ['of its type', { protocol: 5, path: '/' }, undefined],
    ['of its values', { protocol: 'tpc', path: '/' }, undefined],
    ['that it is required', { protocol: null, path: '/' }, undefined],
    ['otherwise as asked', { protocol: 'udp', path: '/' }, 'value must be null'],
  ])("holds a condition to the field's own rules: %s", (_rule, value, path) => {
    const check: EntityCheck = {
      conditional: {
        if_field: 'protocol',
        if_match: { not_one_of: ['tcp'] },
        then_field: 'path',
        then_match: { eq: null },
      },
    }
    const fields: Fields = {
      protocol: { type: 'string', required: true, one_of: ['tcp', 'udp'] },
      path: { type: 'string' },
    }
    expect(errorsOf(check, value, { fields })).toEqual(
      path === undefined
        ? {}
        : { path, '@entity': ["failed conditional validation given value of field 'protocol'"] },
    )
  })

  it.each<[EntityCheck, boolean, boolean]>([
    [{ at_least_one_of: ['c.a', 'c.b'] }, false, true],
    [{ at_least_one_of: ['c.a', 'c.b'] }, true, false],
    [{ only_one_of: ['c.a', 'c.b'] }, false, false],
    [{ custom_entity_check: { field_sources: ['c.a'], check: () => 'bad' } }, false, false],
  ])('%j on fields of a null record, updating %s: asked %s', (check, updating, asked) => {
    const errors = errorsOf(check, { c: null }, { updating })
    expect(Object.keys(errors)).toEqual(asked ? ['@entity'] : [])
  })

  it('says nothing of what a reference stands for', () => {
    const cert = { type: 'string', referenceable: true } as const
    const check: EntityCheck = {
      custom_entity_check: { field_sources: ['cert', 'key'], check: () => 'do not match' },
    }
    const value = { cert: '{vault://env/cert}', key: 'k' }
    expect(errorsOf(check, value, { fields: { cert, key: cert } })).toEqual({})
    expect(errorsOf(check, value, { fields: { cert: { type: 'string' }, key: cert } })).toEqual({
      '@entity': ['do not match'],
    })
  })
})
