import { toByteString } from '../../lib/byte-string.ts'
import { bytesOf } from '../../lib/latin1.ts'
import { boundaryOf, readMultipart } from '../../lib/multipart.ts'
import { type LuaData, type LuaValue, type Several, several } from '../../pdk/lua-engine.ts'
import { limitIn, stringIn } from './arguments.ts'
import { luaOfJson, multiMap } from './plain.ts'
import { decodeArgs } from './query.ts'

/** What the caller of `get_body` says of a body, and what its message says. */
export interface BodyType {
  /** The caller's word counts before the message's. */
  readonly said: LuaValue
  readonly header: string | undefined
  /** How many fields of a form are wanted at most. */
  readonly most: LuaValue
}

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'
const MULTIPART = 'multipart/form-data'

/** A body read as its type says, and how it was told apart. */
export function parsedBody(
  raw: () => LuaData | Several,
  { said, header, most }: BodyType,
): LuaData | Several {
  const type = said === undefined ? header : stringIn(said, 'mimetype')
  if (type === undefined) return several(undefined, 'missing content type')
  const [kind = ''] = type.toLowerCase().split(';', 1)
  // Kong: what begins with one of them is one of them.
  const known = [FORM, JSON_TYPE, MULTIPART].find((name) => kind.startsWith(name))
  if (known === undefined) return several(undefined, `unsupported content type '${type}'`, kind)
  const limit = known === FORM ? limitIn(most, 'max_args') : undefined
  const body = raw()
  if (typeof body !== 'string') return body
  if (known === FORM) return several(multiMap(decodeArgs(body).slice(0, limit)), undefined, known)
  if (known === JSON_TYPE) return several(...parsedJson(body), known)
  return several(...parsedMultipart(body, type), known)
}

type Parsed = readonly [LuaData, string | undefined]

function parsedJson(raw: string): Parsed {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytesOf(raw)))
    if (typeof value === 'object' && value !== null) return [luaOfJson(value), undefined]
  } catch {
    // Said below.
  }
  return [undefined, 'invalid json body']
}

function parsedMultipart(raw: string, type: string): Parsed {
  const boundary = boundaryOf(type)
  const parts = boundary === undefined ? undefined : readMultipart(raw, boundary)
  if (parts === undefined) return [undefined, 'unable to decode multipart body']
  const named = parts.flatMap(({ name, body }) =>
    name === undefined ? [] : [[toByteString(name), body] as const],
  )
  return [multiMap(named), undefined]
}
