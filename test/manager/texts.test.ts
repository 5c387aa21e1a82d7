import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { baseOf } from '../../manager/api.ts'
import { childKindOf, KINDS, kindOf, nameOf, standsAlone } from '../../manager/kinds.ts'
import { deckOf } from '../../manager/parts/copy-texts.ts'
import { wordsOf } from '../../manager/parts/words.ts'
import { toYaml } from '../../manager/parts/yaml.ts'

it('writes YAML that reads as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      // JSON has no minus nought.
      const same = JSON.parse(JSON.stringify(value))
      expect(parse(toYaml(same))).toEqual(same)
    }),
  )
})

it.each([
  'on',
  'No',
  'null',
  '~',
  '1',
  '1.0',
  '0x1',
  '2020-01-01',
  ' a',
  'a ',
  '',
  '-',
  'a: b',
  '#',
  '/~a',
])('writes the text %o so that it stays one', (text) => {
  expect(parse(toYaml({ [text]: [text, { a: text }] }))).toEqual({ [text]: [text, { a: text }] })
})

it('writes a row as a decK file', () => {
  const row = {
    id: 'i',
    name: 'r',
    created_at: 1,
    updated_at: 2,
    service: { id: 's' },
    hosts: null,
  }
  expect(parse(deckOf('routes', row))).toEqual({
    _format_version: '3.0',
    routes: [{ id: 'i', name: 'r', service: 's' }],
  })
})

it.each([
  { told: '', path: '/manager', base: '' },
  { told: '', path: '/manager/', base: '' },
  { told: '', path: '/admin/manager', base: '/admin' },
  { told: 'http://h:8001', path: '/', base: 'http://h:8001' },
  { told: 'https://h/admin/', path: '/', base: 'https://h/admin' },
])('finds the Admin API at "$base" for $path', ({ told, path, base }) => {
  expect(baseOf(told, path)).toBe(base)
})

it.each([
  ['connect_timeout', 'Connect timeout'],
  ['service.id', 'Service'],
  ['tls_verify', 'TLS verify'],
  ['created_at', 'Created'],
])('says %s as "%s"', (field, words) => {
  expect(wordsOf(field)).toBe(words)
})

describe('kinds', () => {
  it('stand alone or below another', () => {
    expect(KINDS.every(standsAlone)).toBe(true)
    const consumers = KINDS.find(({ path }) => path === 'consumers')
    const keys = consumers && childKindOf(consumers, 'key-auth')
    expect(keys && standsAlone(keys)).toBe(false)
  })

  it.each([
    ['services', { id: 'i', name: 'n' }, 'n'],
    ['services', { id: 'i', name: null }, 'i'],
    ['consumers', { id: 'i', username: null, custom_id: 'c' }, 'i'],
    ['plugins', { id: 'i', name: 'cors', instance_name: null }, 'cors'],
  ])('calls a row of %s %o %s', (path, row, name) => {
    const kind = kindOf(path)
    expect(kind && nameOf(kind, row)).toBe(name)
  })
})
