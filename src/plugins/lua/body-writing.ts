import {
  type LuaData,
  LuaFault,
  type LuaTable,
  type LuaValue,
  type Several,
  several,
} from '../../pdk/lua-engine.ts'
import { stringIn, tableIn, textIn, typeOf } from './arguments.ts'
import { setRequestBody } from './bodies.ts'
import { jsonText } from './json-text.ts'
import { REWRITING } from './phases.ts'
import { orderedArgs } from './query.ts'
import type { LuaScope } from './scope.ts'

const NO_TYPE = 'content type was neither explicitly given as an argument or received as a header'

/** `kong.service.request.set_body`: writes a table as its type says. */
export function setBody(
  scope: LuaScope,
  random: () => number,
): (given: LuaValue, mime: LuaValue) => LuaData | Several {
  return (given, mime) => {
    const run = scope.run(...REWRITING)
    const args = tableIn(given, 'args')
    const { request, upstream } = run.exchange
    const type = mime === undefined ? request.headers.get('content-type') : stringIn(mime, 'mime')
    if (type === undefined) return several(undefined, NO_TYPE)
    const { body, written } = writtenAs(type, args, random)
    setRequestBody(run, body)
    upstream.headers.set('Content-Type', written)
    return true
  }
}

interface Written {
  readonly body: string
  /** Its type, as the message is to say it. */
  readonly written: string
}

function writtenAs(type: string, args: LuaTable, random: () => number): Written {
  switch (type.split(';', 1)[0]) {
    case 'application/x-www-form-urlencoded':
      return { body: orderedArgs(args), written: type }
    case 'application/json':
      return { body: jsonText(args, 16), written: type }
    case 'multipart/form-data':
      return multipart(type, args, random)
    default:
      throw new LuaFault(`unsupported content type ${type}`)
  }
}

/** Kong: the boundary that the type names counts, unless a value has it. */
function multipart(type: string, args: LuaTable, random: () => number): Written {
  const fields = args.entries().map(([name, value]) => fieldIn(name, value))
  const free = (one: string) => fields.every(([, text]) => !text.includes(`\n--${one}`))
  let boundary = /boundary=(?:"([^"]*)"|(.*))/s.exec(type)?.slice(1).find(Boolean)
  for (let tries = 0; boundary === undefined || !free(boundary); tries++) {
    boundary = `${Math.floor(random() * 1e10) + tries}`
  }
  const parts = fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `--${boundary}\r\n${DISPOSITION}; name="${name}"\r\n\r\n${text}\r\n`)
  const body = `${parts.join('')}--${boundary}--\r\n`
  return { body, written: `multipart/form-data; boundary=${boundary}` }
}

const DISPOSITION = 'Content-Disposition: form-data'

function fieldIn(name: LuaValue, value: LuaValue): readonly [name: string, text: string] {
  if (typeof name !== 'string') {
    throw new LuaFault(`invalid key "${String(name)}": got ${typeOf(name)}, expected string`)
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [name, textIn(value, name)]
  }
  throw new LuaFault(
    `invalid value "${name}": got ${typeOf(value)}, expected string, number or boolean`,
  )
}
