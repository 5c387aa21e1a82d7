import { describe, expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import type { Entity } from '../schema/entity.ts'
import { exportDeclarative } from './export.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const HEAD = `_format_version: '3.0'\n_transform: false\n`

describe('exportDeclarative', () => {
  it('writes nulls as ~ and references as bare ids', () => {
    const routes = [{ id, service: { id }, name: null }]
    expect(exportDeclarative(allEntities, { routes, services: [] })).toBe(
      `${HEAD}routes:\n  - id: ${id}\n    service: ${id}\n    name: ~\n`,
    )
  })

  it('leaves out what other rows tell, and old names beside the new ones', () => {
    const thing: Entity = {
      name: 'things',
      fields: {
        id: { type: 'string' },
        seen: { type: 'array', transient: true },
        config: {
          type: 'record',
          fields: { redis: { type: 'record', fields: { host: { type: 'string' } } } },
          shorthand_fields: { redis_host: { type: 'string' } },
        },
      },
    }
    const config = { redis: { host: 'h' }, redis_host: 'h' }
    expect(exportDeclarative([thing], { things: [{ id, seen: ['x'], config }] })).toBe(
      `${HEAD}things:\n  - id: ${id}\n    config:\n      redis:\n        host: h\n`,
    )
  })
})
