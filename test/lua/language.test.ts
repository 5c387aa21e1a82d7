import { expect, it } from 'vitest'
import { toldBy } from './compared.ts'

/** Where LuaJIT and the machine's own Lua differ, and what cjson writes. */
it.each([
  ['("abcdef"):sub(1, 5/2)', 'ab'],
  ['("abcdef"):sub(-3.5)', 'def'],
  ['("abc"):byte(1.5)', '97'],
  ['select("#", unpack({ 1, 2, 3 }, 1.5, 2.5))', '2'],
  ['math.random(1, 1.9)', '1'],
  ['os.date("!%Y-%m-%d %H", 1700000000.5)', '2023-11-14 22'],
  ['os.date("!*t", 1700000000).hour', '22'],
  ['tostring((table.remove({ 1, 2 }, 5)))', 'nil'],
  ['tostring((table.remove({ 1, 2 }, 0)))', 'nil'],
  ['table.remove({ 1, 2 }, 1.5)', '1'],
  ['table.remove({ 1, 2 })', '2'],
  ['(function() local t = { 1 } table.insert(t, 5, 2) return t[5] end)()', '2'],
  ['(function() local t = { 1 } table.insert(t, 1, 2) return t[1] .. t[2] end)()', '21'],
  ['(function() local t = { 1 } table.insert(t, 2.5) return t[2] end)()', '2.5'],
  ['require("cjson").encode({ 1, nil, 3 })', '[1,null,3]'],
  ['require("cjson").encode({ [3] = "c" })', '[null,null,"c"]'],
  ['require("cjson").encode({ [1.5] = 1 })', '{"1.5":1}'],
  ['require("cjson").encode({ [-1] = 1 })', '{"-1":1}'],
  ['require("cjson").encode({})', '{}'],
  ['require("cjson").encode("a/b\\"\\127\\1\\n")', '"a\\/b\\"\\u007f\\u0001\\n"'],
  ['require("cjson").encode(1/3)', '0.33333333333333'],
  ['require("cjson").encode({ x = ngx.null })', '{"x":null}'],
  ['require("cjson").new().encode({ n = 9007199254740992 })', '{"n":9007199254740992}'],
  ['require("cjson").new().decode("[1,2]")[2]', '2'],
  ['tostring(pcall(require("cjson").new().decode, "["))', 'false'],
  ['require("cjson.safe").new().encode(1/3)', '0.3333333333333333'],
  ['select("#", require("cjson.safe").new().decode("["))', '2'],
  [
    'select(2, require("cjson.safe").encode({ [1] = 1, [100] = 2 }))',
    'Cannot serialise table: excessively sparse array',
  ],
  [
    'select(2, require("cjson.safe").encode({ [true] = 1 }))',
    'Cannot serialise boolean: table key must be a number or string',
  ],
  [
    'select(2, require("cjson.safe").encode(1/0))',
    'Cannot serialise number: must not be NaN or Infinity',
  ],
  // An array of a body stays one.
  [
    '(function() local b = kong.request.get_body() b.c = b.a return require("cjson").encode(b.a) end)()',
    '[]',
    '{"a":[]}',
  ],
  [
    '(function() local b = kong.request.get_body() table.remove(b.a) return require("cjson").encode(b.a) end)()',
    '[]',
    '{"a":[1]}',
  ],
  ['require("cjson").encode(require("cjson").decode("[]"))', '{}'],
])('%s is %s', async (code, gives, body?: string) => {
  const headers = ['Content-Type', 'application/json']
  expect(await toldBy(code, body === undefined ? {} : { body, headers })).toBe(gives)
})
