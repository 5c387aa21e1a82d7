import { expect, it } from 'vitest'
import { parseNested } from './nested-json.ts'

function nested(levels: number, [open, close]: readonly [string, string]): string {
  return `${open.repeat(levels)}1${close.repeat(levels)}`
}

it.each([[['[', ']']], [['{"a":', '}']]] as const)(
  'reads 1000 levels of %j and no more',
  (pair) => {
    expect(JSON.stringify(parseNested(nested(1000, pair)))).toBe(nested(1000, pair))
    expect(parseNested(nested(1001, pair))).toBeUndefined()
    expect(parseNested(nested(100_000, pair))).toBeUndefined()
  },
)

it('counts levels, not brackets', () => {
  const wide = `[${'[1],'.repeat(2000)}{}]`
  expect(parseNested(wide)).toHaveLength(2001)
  const quoted = JSON.stringify({ a: '[{"\\'.repeat(2000), '[': 1, '\\': '{'.repeat(2000) })
  expect(parseNested(quoted)).toEqual(JSON.parse(quoted))
})

it.each(['', '{', '"\\', '[1,]', `"${'['.repeat(3000)}`])('reads nothing from %j', (text) => {
  expect(parseNested(text)).toBeUndefined()
})
