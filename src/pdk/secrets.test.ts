import { expect, it } from 'vitest'
import type { Row } from '../schema/entity.ts'
import type { Rules } from '../schema/field.ts'
import { createSecrets } from './secrets.ts'

const VARIABLES: Readonly<Record<string, string>> = {
  TEST: 'plain',
  TEST_ENV: 'joined',
  TEST_PREVIOUS: 'before',
  MINE_TEST: 'mine',
  ALL_TEST: 'of all',
  REDIS: '{"password":"p","port":1,"none":null,"deep":{}}',
  LIST: '["a"]',
}
const VAULTS: readonly Row[] = [
  { id: '1', name: 'env', prefix: 'my-env', config: { prefix: 'mine-' } },
  { id: '2', name: 'env', prefix: 'bare-env', config: { prefix: null } },
  { id: '3', name: 'other', prefix: 'far', config: {} },
]

function open(prefix = '') {
  const lines: string[] = []
  const secrets = createSecrets({
    entities: {
      getBy: (_entity, field, value) => VAULTS.find((row) => row[field] === value),
    },
    prefix,
    runtime: {
      environment: (name) => VARIABLES[name],
      log: (level, message) => void lines.push(`${level}: ${message}`),
    },
  })
  return { ...secrets, lines }
}

it.each([
  ['no reference', 'no reference'],
  ['{vault://env/test}', 'plain'],
  ['{vault://env/TEST}', 'plain'],
  ['{vault://env/test-env}', 'joined'],
  ['{vault://env/env?prefix=test_}', 'joined'],
  ['{vault://env/env?prefix=test-}', 'joined'],
  ['{vault://env/test#1}', 'plain'],
  ['{vault://env/test#2}', 'before'],
  ['{vault://env/redis/password}', 'p'],
  ['{vault://my-env/test}', 'mine'],
  ['{vault://my-env/env?prefix=test_}', 'joined'],
  ['{vault://my-env/test?prefix=9}', 'plain'],
  ['{vault://bare-env/test}', 'plain'],
])('reads %s as %s', (text, value) => {
  const { textOf, lines } = open()
  expect([textOf(text), lines]).toEqual([value, []])
})

it('puts the configured prefix before the names of the environment alone', () => {
  const { textOf } = open('all_')
  expect([textOf('{vault://env/test}'), textOf('{vault://bare-env/test}')]).toEqual([
    'of all',
    'plain',
  ])
})

const external = (why: string) => `could not get value from external vault (${why})`
const subfield = (why: string) => external(`could not get subfield value: ${why}`)

it.each([
  ['{vault://env/none}', external('no value found')],
  ['{vault://none/x}', 'could not find vault (none)'],
  ['{vault://far/x}', 'could not find vault (far)'],
  [
    '{vault://env/redis/none}',
    subfield('unexpected userdata value in JSON secret for subfield none'),
  ],
  ['{vault://env/redis/user}', subfield('subfield user not found in JSON secret')],
  ['{vault://env/redis/toString}', subfield('subfield toString not found in JSON secret')],
  [
    '{vault://env/redis/port}',
    subfield('unexpected number value in JSON secret for subfield port'),
  ],
  ['{vault://env/redis/deep}', subfield('unexpected table value in JSON secret for subfield deep')],
  ['{vault://env/list/length}', subfield('subfield length not found in JSON secret')],
  ['{vault://env/test/a}', subfield('unable to json decode value')],
  ['{vault://env/}', 'reference url has empty path [{vault://env/}]'],
])('leaves nothing of %s: %s', (text, reason) => {
  const { textOf, lines } = open()
  expect([textOf(text), lines]).toEqual([
    '',
    [`warn: unable to resolve reference ${text} (${reason})`],
  ])
})

const secret: Rules = { type: 'string', referenceable: true }
const RULES: Rules = {
  fields: {
    a: { type: 'string', referenceable: true },
    plain: { type: 'string' },
    list: { type: 'array', elements: secret },
    map: { type: 'map', values: secret },
    records: {
      type: 'array',
      elements: { type: 'record', fields: { a: { ...secret, type: 'string' } } },
    },
  },
}

it('replaces references where the fields let them be, and keeps the rest', () => {
  const T = '{vault://env/test}'
  const value = {
    a: T,
    plain: T,
    list: ['x', T],
    map: { h: T, __proto: T },
    records: [{ a: T }, { a: null }],
    unknown: T,
  }
  expect(open().resolve(RULES, value)).toEqual({
    a: 'plain',
    plain: T,
    list: ['x', 'plain'],
    map: { h: 'plain', __proto: 'plain' },
    records: [{ a: 'plain' }, { a: null }],
    unknown: T,
  })
  expect(value.list[1]).toBe(T)
})

it('gives the very same value where there is no reference', () => {
  const value = { a: 'x', list: ['y'], map: { h: 'z' }, records: [{ a: null }] }
  expect(open().resolve(RULES, value)).toBe(value)
})
