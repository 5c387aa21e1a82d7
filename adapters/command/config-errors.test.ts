import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/declarative/parse.ts'
import { readDeclarative } from '../../src/declarative/read.ts'
import { allEntities } from '../../test/entities.ts'
import { configErrors } from './config-errors.ts'

async function errorsOf(text: string): Promise<string[]> {
  const newId = () => crypto.randomUUID()
  const context = { now: 1795212381759, newId, secret: newId }
  try {
    await readDeclarative(parseDocument(text), { entities: allEntities, context })
  } catch (error) {
    return configErrors(error, { file: 'kong.yaml', text })
  }
  return []
}

describe('configErrors', () => {
  it('gives each violation its line and column, in the order of the file', async () => {
    const text = `_format_version: "3.0"
routes:
- name: r
  paths: [/r]
  service: nope
services:
- name: a
  host: h
  prot: 80
- name: a
  host: h
  port: x
  routes:
  - paths: [/ok, bad]
  - 5
plugins:
- name: rate-limiting
  config:
    second: 1
    minuet: 5
`
    expect(await errorsOf(text)).toEqual([
      "kong.yaml:5:3: routes.1.service: invalid reference 'service: nope' (no such entry in 'services')",
      "kong.yaml:9:3: services.1.prot: unknown field (did you mean 'port')",
      "kong.yaml:10:3: services.2: uniqueness violation: 'services' entity with name set to 'a' already declared",
      'kong.yaml:12:3: services.2.port: expected an integer',
      'kong.yaml:14:18: services.2.routes.1.paths.2: should start with: / (fixed path) or ~/ (regex path)',
      'kong.yaml:15:5: services.2.routes.2: expected a record',
      "kong.yaml:20:5: plugins.1.config.minuet: unknown field (did you mean 'minute')",
    ])
  })

  it.each([
    [
      'a missing field at its entity',
      '_format_version: "3.0"\nservices:\n- name: a\n',
      ['kong.yaml:3:3: services.1.host: required field missing'],
    ],
    [
      'a table that nearly is one',
      '_format_version: "3.0"\nservice: []\n',
      ["kong.yaml:2:1: service: unknown field (did you mean 'services')"],
    ],
    [
      'what is decK’s alone',
      '_format_version: "3.0"\n_info: {}\n',
      [
        'kong.yaml:2:1: _info: unknown field (of decK alone; `gibbon sync` and decK take it, a gateway does not)',
      ],
    ],
    [
      'JSON',
      '{\n  "_format_version": "3.0",\n  "services": [{"host": 5}]\n}',
      ['kong.yaml:3:17: services.1.host: expected a string'],
    ],
    ['a syntax error', 'a:\n  b: 1\n  b: 2\n', ['kong.yaml:3:3: duplicate key "b"']],
    ['no mapping', '- a\n', ['kong.yaml:1:1: expected an object']],
    ['nothing', '', ['kong.yaml: expected an object']],
  ])('tells of %s', async (_what, text, lines) => {
    expect(await errorsOf(text)).toEqual(lines)
  })

  it('tells no secret', async () => {
    const keys = 'keyauth_credentials: [{key: tell-no-one}]'
    const text = `_format_version: "3.0"\nconsumers:\n- username: a\n  ${keys}\n- username: b\n  ${keys}\n`
    const [line] = await errorsOf(text)
    expect(line).toContain("entity with key set to '******' already declared")
  })

  it('says what is no violation on one line', () => {
    expect(configErrors(new Error('no'), { file: 'f', text: '' })).toEqual(['f: no'])
  })
})
