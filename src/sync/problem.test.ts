import { expect, it } from 'vitest'
import { problemFinder } from './problem.ts'

const TEXT = `_format_version: '3.0'
services:
  - name: a
    host: a.test
  - host: b.test
    routes:
      - name: one
      - paths: [/two]
`

it.each([
  ['config: services[2]: needs name, or an id', 5, 'services[2]: needs name, or an id'],
  ['config: services[2].routes[2]: needs name', 8, 'services[2].routes[2]: needs name'],
  ['config: services: expected a list', 2, 'services: expected a list'],
  ['config: _format_version is missing', null, '_format_version is missing'],
  ['config: bad at line 7, column 3', 7, 'bad at line 7, column 3'],
  ['something else: [1]', null, 'something else: [1]'],
])('finds the line of "%s"', (problem, line, text) => {
  expect(problemFinder('config', TEXT)(problem)).toEqual({ text, line })
})
