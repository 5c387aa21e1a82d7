import { describe, expect, it } from 'vitest'
import { checkMembers, checkValue } from './check-value.ts'
import type { Field, Fields, Rules } from './field.ts'

const ports: Field = { type: 'integer', between: [0, 65535] }
const names: Field = { type: 'string' }
const sets = [
  ['http', 'https'],
  ['tcp', 'tls', 'udp'],
]

describe('checkValue', () => {
  it.each<[Rules, unknown, unknown]>([
    [{ type: 'string' }, 5, 'expected a string'],
    [{ type: 'number' }, '5', 'expected a number'],
    [{ type: 'number' }, Number.NaN, 'expected a number'],
    [{ type: 'integer' }, 80.0, undefined],
    [{ type: 'integer' }, 9007199254740992, undefined],
    [{ type: 'integer' }, 80.5, 'expected an integer'],
    [{ type: 'integer' }, '80', 'expected an integer'],
    [{ type: 'integer' }, 9.2e19, 'expected an integer'],
    [{ type: 'boolean' }, 'true', 'expected a boolean'],
    [{ type: 'array' }, {}, 'expected an array'],
    [{ type: 'set' }, 'x', 'expected a set'],
    [{ type: 'map' }, 'x', 'expected a map'],
    [{ type: 'record' }, 5, 'expected a record'],
    [{ type: 'map', keys: { type: 'string' } }, ['x'], 'expected a string'],
    [{ type: 'record', fields: { x: names } }, ['x', 1], ['unknown field', 'unknown field']],
    [{ type: 'foreign' }, { id: null }, { id: 'required field missing' }],
    [{ type: 'number', between: [0.001, 1000] }, 0, 'value should be between 0 and 1000'],
    [{ type: 'string', required: true }, null, 'required field missing'],
    [{ type: 'string' }, null, undefined],
    [{ type: 'string' }, '', 'length must be at least 1'],
    [{ type: 'string', len_min: 0 }, '', undefined],
    [{ type: 'string', len_max: 2 }, 'é!', 'length must be at most 2'],
    [{ type: 'string', len_eq: 0 }, 'a', 'length must be 0'],
    [{ type: 'string', one_of: ['a', 'b'] }, 'c', 'expected one of: a, b'],
    [{ type: 'string', not_one_of: ['env'] }, 'env', 'must not be one of: env'],
    [{ type: 'string', eq: null }, 'a', 'value must be null'],
    [{ type: 'string', eq: null, err: 'cannot set it' }, 'a', 'cannot set it'],
    [{ type: 'boolean', ne: true, err: 'not that' }, true, 'not that'],
    [{ type: 'number', gt: 0 }, 0, 'value must be greater than 0'],
    [ports, 65536, 'value should be between 0 and 65535'],
    [{ type: 'integer', timestamp: true }, 0, 'expected a valid timestamp'],
    [{ type: 'string', uuid: true }, 'x', 'expected a valid UUID'],
    [{ type: 'string', is_regex: true }, '(', 'not a valid regex: ('],
    [{ type: 'string', is_regex: true }, '(?i)bot', undefined],
    [{ type: 'string', is_regex: true }, 'a++(?<!b)', undefined],
    [{ type: 'string', is_regex: true }, '(?<n', 'not a valid regex: (?<n'],
    [{ type: 'string', starts_with: '/' }, 'a', 'should start with: /'],
    [{ type: 'string', match: '^%u+$' }, 'get', 'invalid value: get'],
    [{ type: 'string', not_match: 'x' }, 'x', 'invalid value: x'],
    [{ type: 'string', match_none: [{ pattern: '//', err: 'empty' }] }, 'a//b', 'empty'],
    [{ type: 'string', match_any: { patterns: ['^a', '^b'] } }, 'c', 'invalid value: c'],
    [{ type: 'set', contains: 'a' }, ['b'], 'expected to contain: a'],
    [{ type: 'string', referenceable: true, len_max: 3 }, '{vault://env/a}', undefined],
    [
      { type: 'string', referenceable: true, len_max: 3 },
      '{vault://env/a',
      'length must be at most 3',
    ],
    [{ type: 'string', len_max: 3 }, '{vault://env/a}', 'length must be at most 3'],
    [{ type: 'string', referenceable: true, eq: null }, '{vault://env/a}', 'value must be null'],
    [
      { type: 'map', values: { type: 'string', referenceable: true, match: '^%d$' } },
      { a: '{vault://env/a}' },
      undefined,
    ],
    [{ type: 'record', abstract: true } as Rules, { anything: 1 }, undefined],
    [{ type: 'json' }, { anything: [1] }, undefined],
    [
      { type: 'array', elements: { type: 'string', required: true } },
      ['a', null],
      [null, 'required field missing'],
    ],
    [{ type: 'map', keys: { type: 'string', len_min: 2 } }, { a: 1 }, 'length must be at least 2'],
    [
      { type: 'array', elements: ports },
      [1, 'x', 70000, 2],
      [null, 'expected an integer', 'value should be between 0 and 65535'],
    ],
    [{ type: 'array', elements: names }, [null], ['required field missing']],
    [
      { type: 'map', keys: names, values: { type: 'array', elements: names } },
      { a: 'x', b: 5 },
      'expected an array',
    ],
    [{ type: 'map', values: names }, { a: null }, 'required field missing'],
    [
      { type: 'record', fields: { port: { type: 'integer' } } },
      { porto: 1 },
      { porto: 'unknown field' },
    ],
    [{ type: 'foreign' }, 's', { id: 'missing primary key' }],
    [{ type: 'foreign' }, { id: 's' }, { id: 'expected a valid UUID' }],
    [
      { type: 'set', mutually_exclusive_subsets: sets },
      ['https', 'udp'],
      "these sets are mutually exclusive: ('http', 'https'), ('tcp', 'tls', 'udp')",
    ],
  ])('%j on %j says %j', (rules, value, expected) => {
    expect(checkValue(rules, value)).toEqual(expected)
  })

  it("names the first broken rule in Kong's order", () => {
    const rules: Rules = { type: 'string', starts_with: '/', len_max: 2, one_of: ['/a'] }
    expect(checkValue(rules, 'abc')).toBe('expected one of: /a')
    expect(checkValue({ ...rules, one_of: ['abc'] }, 'abc')).toBe('length must be at most 2')
  })

  it('runs the checks of a record inside its list', () => {
    const rules: Rules = {
      type: 'set',
      elements: {
        type: 'record',
        fields: { ip: names, port: ports },
        entity_checks: [{ at_least_one_of: ['ip', 'port'] }],
      },
    }
    expect(checkValue(rules, [{ port: 0 }, { ip: null, port: null }])).toEqual([
      null,
      { '@entity': ["at least one of these fields must be non-empty: 'ip', 'port'"] },
    ])
  })

  it('takes names of Object for unknown, not inherited, fields', () => {
    const value = JSON.parse('{"__proto__":1,"constructor":2,"toString":3}')
    const errors = checkValue({ type: 'record', fields: {} }, value)
    expect(JSON.parse(JSON.stringify(errors))).toEqual(
      JSON.parse(
        '{"__proto__":"unknown field","constructor":"unknown field","toString":"unknown field"}',
      ),
    )
    expect(Reflect.get({}, 'unknown field')).toBeUndefined()
  })
})

describe('checkMembers', () => {
  it('holds each row to the rules, whatever passed before it', () => {
    const usual = ['http']
    const fields: Fields = {
      port: { type: 'integer', between: [0, 9] },
      kinds: { type: 'set', default: usual, elements: { type: 'string', one_of: ['http'] } },
    }
    for (const port of [1, null, 1]) {
      expect(checkMembers(fields, { port, kinds: usual })).toBeUndefined()
    }
    expect(checkMembers(fields, { port: 10, kinds: ['tcp'] })).toEqual({
      port: 'value should be between 0 and 9',
      kinds: ['expected one of: http'],
    })
    expect(checkMembers(fields, { port: 1, kinds: usual, other: 1 })).toEqual({
      other: 'unknown field',
    })
  })
})
