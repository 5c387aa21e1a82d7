import { describe, expect, it } from 'vitest'
import { readFullYaml } from './parse.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { plainScalar } from './yaml-scalar.ts'
import { yamlOf } from './yaml-text.ts'

/** What each stands for; in no other spelling. */
const rows: readonly (readonly [string, unknown])[] = [
  ...['~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
  ...'true True TRUE yes Yes YES on On ON'.split(' ').map((text) => [text, true] as const),
  ...'false False FALSE no No NO off Off OFF'.split(' ').map((text) => [text, false] as const),
  ['0', 0],
  ['80', 80],
  ['+80', 80],
  ['-80', -80],
  ['1_000', 1000],
  ['_7', 7],
  ['017', 15],
  ['-0_17', -15],
  ['089', 89],
  ['0x1F', 31],
  ['-0x1_F', -31],
  ['0b101', 5],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['12e-1', 1.2],
  ['1_0.5', 10.5],
  ['1:30', 90],
  ['-1:00:30', -3630],
  ['1:30.5', 90.5],
  ['.inf', Number.POSITIVE_INFINITY],
  ['-.INF', Number.NEGATIVE_INFINITY],
  ['.nan', Number.NaN],
  ...'y n Y N yEs tRUE nuLL nan inf e1 0x 0xg 0b2 0b1 1.2.3 1.2.3.4 1.2.3.4:80 1:60x 2001-01-01 1- a:1 __ -'
    .split(' ')
    .map((text) => [text, text] as const),
]

describe('plainScalar', () => {
  it.each(rows)('%s', (text, value) => {
    expect(plainScalar(text)).toEqual(value)
  })

  it.each(rows.filter(([text]) => text !== '-'))('%s is the same in a file', (text, value) => {
    for (const file of [`a: ${text}\n`, `a: &b ${text}\n`, `- ${text} # c\n`]) {
      const whole = file.startsWith('-') ? [value] : { a: value }
      expect(readFullYaml(file, 8)).toEqual(whole)
      expect([undefined, { value: whole }]).toContainEqual(readPlainYaml(file, 8))
    }
  })

  it.each(rows)('the text %s is written so that it stays one', (text) => {
    expect(readFullYaml(yamlOf({ a: text }), 8)).toEqual({ a: text })
  })
})
