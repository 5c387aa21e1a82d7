import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { yamlOf } from './yaml-lines.ts'

it('reads back as it was', () => {
  const value = {
    a: [{ name: 'x', config: { list: ['a', 'b: c', '*', 'true', '1'], none: [], map: {} } }],
    text: 'it is, "so"',
    number: 5,
    yes: true,
    nothing: null,
  }
  expect(parse(yamlOf(value))).toEqual(value)
})
