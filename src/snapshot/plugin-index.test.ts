import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hooks } from '../pdk/hooks.ts'
import { createPluginIndex, type Scoped } from './plugin-index.ts'

const scope = (text: string): Scoped => ({
  routeId: text.includes('R') ? 'r' : undefined,
  serviceId: text.includes('S') ? 's' : undefined,
  consumerId: text.includes('C') ? 'c' : undefined,
})

/** Kong's order, closest first. */
const ORDER = ['RSC', 'RC', 'SC', 'RS', 'C', 'R', 'S', '']

describe('of all that apply, the closest counts', () => {
  it('in any order of configuring, whatever is missing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ORDER, { minLength: 1 }), (configured) => {
        const index = createPluginIndex()
        const hooks = new Map<string, Hooks>(configured.map((text) => [text, {}]))
        for (const [text, one] of hooks) index.set(scope(text), one)
        const closest = ORDER.find((text) => hooks.has(text)) ?? ''
        expect(index.find({ routeId: 'r', serviceId: 's' }, 'c')).toBe(hooks.get(closest))
        const unknown = ORDER.find((text) => hooks.has(text) && !text.includes('C'))
        const expected = unknown === undefined ? undefined : hooks.get(unknown)
        expect(index.find({ routeId: 'r', serviceId: 's' }, undefined)).toBe(expected)
      }),
    )
  })

  it('and none of another route, service or consumer', () => {
    const index = createPluginIndex()
    for (const text of ['RSC', 'RC', 'SC', 'RS', 'C', 'R', 'S']) index.set(scope(text), {})
    expect(index.find({ routeId: 'x', serviceId: 'y' }, 'z')).toBeUndefined()
    expect(index.find({ routeId: undefined, serviceId: undefined }, undefined)).toBeUndefined()
  })
})

it('knows whether consumers make a difference', () => {
  const index = createPluginIndex()
  index.set(scope(''), {})
  expect(index.perConsumer).toBe(false)
  index.set(scope('C'), {})
  index.set(scope('C'), {})
  expect(index.perConsumer).toBe(true)
  index.delete(scope('C'))
  index.delete(scope('C'))
  expect(index.perConsumer).toBe(false)
  expect(index.size).toBe(1)
})
