import { fromByteString, toByteString } from '../../lib/byte-string.ts'
import { jsonComplaint } from '../../lib/json-complaint.ts'
import {
  type LuaData,
  LuaFault,
  type LuaModule,
  type LuaNative,
  several,
} from '../../pdk/lua-engine.ts'
import { stringIn } from './arguments.ts'
import { type Digits, jsonText } from './json-text.ts'
import { luaOf } from './plain.ts'

/** cjson's own, and what Kong asks for. */
const DIGITS: Digits = 14
const KONG_DIGITS: Digits = 16

const encodeWith =
  (digits: Digits): LuaNative =>
  (value) =>
    jsonText(value, digits)

const decode: LuaNative = (text) => {
  const json = fromByteString(stringIn(text, 'JSON'))
  try {
    return luaOf(JSON.parse(json))
  } catch {
    throw new LuaFault(jsonComplaint(toByteString(json)))
  }
}

/** `cjson`, whose functions fail. */
export const cjson = failing(DIGITS)

// Kong: it asks of this one, and of those that `new` makes, for more digits.
/** `cjson.safe`, whose functions say why. */
export const cjsonSafe = saying(KONG_DIGITS)

function failing(digits: Digits): LuaModule {
  const made = { gives: () => failing(KONG_DIGITS) }
  return { members: { encode: encodeWith(digits), decode, null: null, new: made } }
}

function saying(digits: Digits): LuaModule {
  const [encode, made] = [encodeWith(digits), { gives: () => saying(KONG_DIGITS) }]
  return { members: { encode: safe(encode), decode: safe(decode), null: null, new: made } }
}

function safe(run: LuaNative): LuaNative {
  return (...args) => {
    try {
      return run(...args)
    } catch (error) {
      if (!(error instanceof LuaFault)) throw error
      const nothing: LuaData = undefined
      return several(nothing, error.message)
    }
  }
}
