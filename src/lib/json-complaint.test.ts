import { expect, it } from 'vitest'
import { jsonComplaint } from './json-complaint.ts'

it.each([
  ['So be it', 'Expected value but found invalid token at character 1'],
  ['  x', 'Expected value but found invalid token at character 3'],
  ['', 'Expected value but found T_END at character 1'],
  ['{', 'Expected object key string but found T_END at character 2'],
  ['{1:2}', 'Expected object key string but found T_NUMBER at character 2'],
  ['{"a" 1}', 'Expected colon but found T_NUMBER at character 6'],
  ['{"a":}', 'Expected value but found T_OBJ_END at character 6'],
  ['{"a":1 "b"', 'Expected comma or object end but found T_STRING at character 8'],
  ['{"a":1,}', 'Expected object key string but found T_OBJ_END at character 8'],
  ['[1 2]', 'Expected comma or array end but found T_NUMBER at character 4'],
  ['[1,]', 'Expected value but found T_ARR_END at character 4'],
  ['[null, true] x', 'Expected the end but found invalid token at character 14'],
  ['"abc', 'Expected value but found unexpected end of string at character 5'],
  ['"a\\q"', 'Expected value but found invalid escape code at character 3'],
  ['"\\u12"', 'Expected value but found invalid unicode escape code at character 2'],
  ['-', 'Expected value but found invalid number at character 1'],
  ['['.repeat(1001), 'Found too many nested data structures (1001) at character 1001'],
])('%s is no JSON', (text, complaint) => {
  expect(jsonComplaint(text)).toBe(complaint)
})
