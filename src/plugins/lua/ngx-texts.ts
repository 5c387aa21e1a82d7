import { decodeBase64, encodeBase64 } from '../../lib/base64.ts'
import { crc32 } from '../../lib/crc32.ts'
import { toHex } from '../../lib/hex.ts'
import { bytesOf, charsOf } from '../../lib/latin1.ts'
import { md5 } from '../../lib/md5.ts'
import { unescapeUri } from '../../lib/query-arg.ts'
import { sha1 } from '../../lib/sha1.ts'
import { LuaFault, type LuaNative, type LuaValue } from '../../pdk/lua-engine.ts'
import { tableIn, textIn } from './arguments.ts'
import { argumentTable, ngxLimit } from './header-reading.ts'
import { decodeArgs, encodeArgs, escapeUri, escapeWholeUri } from './query.ts'

/** What of `ngx` makes a text of a text. */
export const ngxTexts: Readonly<Record<string, LuaNative>> = {
  encode_base64: (text, unpadded) => {
    const encoded = encodeBase64(looseBytes(text))
    return unpadded === true ? encoded.replace(/=+$/, '') : encoded
  },
  decode_base64: (text) => {
    if (typeof text !== 'string') throw new LuaFault('string argument only')
    const bytes = decodeBase64(text)
    return bytes === undefined ? undefined : charsOf(bytes)
  },
  escape_uri: (text, type) => (type === 0 ? escapeWholeUri(loose(text)) : escapeUri(loose(text))),
  unescape_uri: (text) => unescapeUri(loose(text)),
  encode_args: (args) => encodeArgs(tableIn(args, 'args')),
  decode_args: (text, most) => argumentTable(decodeArgs(loose(text)), ngxLimit(most)),
  md5: (text) => toHex(md5(looseBytes(text))),
  md5_bin: (text) => charsOf(md5(looseBytes(text))),
  sha1_bin: (text) => charsOf(sha1(looseBytes(text))),
  hmac_sha1: (key, text) => charsOf(hmacSha1(looseBytes(key), looseBytes(text))),
  crc32_short: (text) => crc32(looseBytes(text)),
  crc32_long: (text) => crc32(looseBytes(text)),
  quote_sql_str: (text) => `'${loose(text).replace(UNSAFE_SQL, (char) => SQL[char] ?? char)}'`,
}

/** OpenResty: nil is the empty text, a number its digits. */
function loose(value: LuaValue): string {
  return value === undefined ? '' : textIn(value, 'argument')
}

function looseBytes(value: LuaValue): Uint8Array {
  return bytesOf(loose(value))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE_SQL = /[\x00\b\t\n\r\x1a\\'"]/g

const SQL: Readonly<Record<string, string>> = {
  '\x00': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
}

/** RFC 2104. */
function hmacSha1(key: Uint8Array, text: Uint8Array): Uint8Array {
  const block = new Uint8Array(64)
  block.set(key.length > 64 ? sha1(key) : key)
  const padded = (by: number, rest: Uint8Array) => {
    const bytes = new Uint8Array(64 + rest.length)
    bytes.set(block.map((byte) => byte ^ by))
    bytes.set(rest, 64)
    return sha1(bytes)
  }
  return padded(0x5c, padded(0x36, text))
}
