import { expect, it } from 'vitest'
import { allEntities } from '../entities/all.ts'
import { exportDeclarative } from './export.ts'
import { parseDocument } from './parse.ts'
import { readDeclarative } from './read.ts'

const newId = () => 'a0000000-0000-4000-8000-000000000001'
const options = { entities: allEntities, context: { now: 1795212381759, newId, secret: () => '' } }

it('writes a file that reads back the same', () => {
  const tables = readDeclarative(
    {
      _format_version: '3.0',
      upstreams: [{ name: 'u', targets: [{ target: '1.2.3.4', tags: ['null', '1.0', 'a: b'] }] }],
      services: [{ name: 's', host: 'u', routes: [{ name: 'r', headers: { a: ['~*x'] } }] }],
    },
    options,
  )
  const text = exportDeclarative(tables)
  expect(readDeclarative(parseDocument(text), options)).toEqual(tables)
})

it('writes nulls as ~ and references as bare ids', () => {
  const id = newId()
  const text = exportDeclarative({ routes: [{ id, service: { id }, name: null }], services: [] })
  expect(text).toBe(
    `_format_version: '3.0'\n_transform: false\nroutes:\n  - id: ${id}\n    service: ${id}\n    name: ~\n`,
  )
})
