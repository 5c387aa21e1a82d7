import { expect, it } from 'vitest'
import { printLua, printLuaCompact } from './lua-print.ts'

it.each([
  [{ id: 'x' }, '{id="x"}'],
  [
    { service: null, name: 'x', consumer: { id: 'i' } },
    '{consumer={id="i"},name="x",service=null}',
  ],
  [['a', 'b'], '{"a","b"}'],
  [[null, 'b'], '{[2]="b"}'],
  [{ 'a-b': 'x', end: 'y', '1': 'z' }, '{["1"]="z",["a-b"]="x",["end"]="y"}'],
  [{ a: 'say "\\"' }, '{a="say \\"\\\\\\""}'],
  [{}, '{}'],
])('prints %j on one line', (value, text) => {
  expect(printLuaCompact(value)).toBe(text)
})

it('prints a tree over several lines', () => {
  expect(printLua({ healthy: { interval: 'no' }, list: [null, 'x'] })).toBe(
    '{\n  healthy = {\n    interval = "no"\n  },\n  list = {\n    [2] = "x"\n  }\n}',
  )
  expect(printLua(['bad'])).toBe('{\n  "bad"\n}')
})
