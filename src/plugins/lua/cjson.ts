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
import { jsonText } from './json-text.ts'
import { luaOf } from './plain.ts'

const encode: LuaNative = (value) => jsonText(value)

const decode: LuaNative = (text) => {
  const json = fromByteString(stringIn(text, 'JSON'))
  try {
    return luaOf(JSON.parse(json))
  } catch {
    throw new LuaFault(jsonComplaint(toByteString(json)))
  }
}

/** `cjson`, whose functions fail. */
export const cjson: LuaModule = { members: { encode, decode, null: null } }

/** `cjson.safe`, whose functions say why. */
export const cjsonSafe: LuaModule = {
  members: { encode: safe(encode), decode: safe(decode), null: null },
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
