import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldErrors } from './error-tree.ts'
import type { Fields } from './field.ts'
import { distance, hintOf } from './hint.ts'

const unknown = 'unknown field'
const fields: Fields = {
  name: { type: 'string' },
  host: { type: 'string' },
  hosts: { type: 'array', elements: { type: 'string' } },
  id: { type: 'string' },
  config: {
    type: 'record',
    shorthand_fields: { redis_host: { type: 'string' } },
    fields: {
      minute: { type: 'number' },
      metrics: {
        type: 'array',
        elements: { type: 'record', fields: { stat_type: { type: 'string' } } },
      },
      limits: {
        type: 'map',
        values: { type: 'record', fields: { second: { type: 'number' } } },
      },
    },
  },
}

describe('hintOf', () => {
  it.each<[FieldErrors, string | undefined]>([
    [{ hsot: unknown }, "did you mean 'host'"],
    [{ nmae: unknown, name: 'required field missing' }, "did you mean 'name'"],
    [{ hostss: unknown }, "did you mean 'hosts'"],
    [{ ulr: unknown }, "did you mean 'url'"],
    [{ config: { minutes: unknown } }, "did you mean 'minute'"],
    [{ config: { redis_hots: unknown } }, "did you mean 'redis_host'"],
    [{ config: { metrics: [null, { stat_typ: unknown }] } }, "did you mean 'stat_type'"],
    [{ config: { limits: { secnd: unknown } } }, "did you mean 'second'"],
    [
      { hsot: unknown, config: { mintue: unknown }, elsewhere: unknown },
      "did you mean 'host' for 'hsot', 'minute' for 'mintue'",
    ],
    [{ xy: unknown }, undefined],
    [{ ordering: unknown }, undefined],
    [{ host: 'expected a string', '@entity': ['x'] }, undefined],
    [{ ['h'.repeat(65)]: unknown }, undefined],
  ])('%j: %s', (errors, hint) => {
    expect(hintOf(fields, errors, ['url'])).toBe(hint)
  })

  it('looks at a few names only, however many were sent', () => {
    const many = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, i) => [`far-off-${i}`, unknown]),
    )
    expect(hintOf(fields, { ...many, hsot: unknown })).toBeUndefined()
  })
})

describe('distance', () => {
  it.each([
    ['host', 'host', 0],
    ['host', 'hots', 1],
    ['host', 'hst', 1],
    ['host', 'hosst', 1],
    ['host', 'most', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('from %j to %j is %i', (from, to, steps) => {
    expect(distance(from, to)).toBe(steps)
  })

  it('is the same both ways, nothing between equals alone, and never more than the longer', () => {
    const name = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') })
    fc.assert(
      fc.property(name, name, (from, to) => {
        const steps = distance(from, to)
        expect(steps).toBe(distance(to, from))
        expect(steps === 0).toBe(from === to)
        expect(steps).toBeLessThanOrEqual(Math.max(from.length, to.length))
      }),
    )
  })
})
