import { describe, expect, it } from 'vitest'
import { createLocator } from './locate.ts'
import type { DocumentPath } from './violation.ts'

const YAML = `# a file
services:
- name: a
  port: x
  routes:
  - {name: r, paths: [/a, b]}
"odd name": &x
    deep: 1
other: *x
`

const JSON_TEXT = `{
\t"services": [
\t\t{ "name": "a", "port": "x" },
\t\t{ "name": "b", "name": "c" }
\t]
}`

describe('createLocator', () => {
  it.each<[DocumentPath, string]>([
    [['services'], '2:1'],
    [['services', 0], '3:3'],
    [['services', 0, 'port'], '4:3'],
    [['services', 0, 'routes', 0], '6:5'],
    [['services', 0, 'routes', 0, 'paths', 1], '6:27'],
    [['odd name', 'deep'], '8:5'],
    [['services', 0, 'host'], '3:3'],
    [['services', 7, 'host'], '2:1'],
    [['other', 'deep'], '9:1'],
    [[], '2:1'],
  ])('finds %j of YAML at %s', (path, place) => {
    const { line, column } = createLocator(YAML)(path) ?? {}
    expect(`${line}:${column}`).toBe(place)
  })

  it.each<[DocumentPath, string]>([
    [['services', 0, 'port'], '3:18'],
    [['services', 1, 'name'], '4:18'],
    [['services', 0], '3:3'],
  ])('finds %j of JSON at %s', (path, place) => {
    const { line, column } = createLocator(JSON_TEXT)(path) ?? {}
    expect(`${line}:${column}`).toBe(place)
  })

  it.each(['a: [', ''])('knows no place in %j', (text) => {
    expect(createLocator(text)(['a'])).toBeUndefined()
  })
})
