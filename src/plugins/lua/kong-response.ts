import { fromByteString } from '../../lib/byte-string.ts'
import { type HeaderList, headerOf } from '../../lib/header-list.ts'
import { bytesOf } from '../../lib/latin1.ts'
import type { AnswerSide } from '../../pdk/exchange.ts'
import { type Exit, exitWith, refusal } from '../../pdk/exit.ts'
import type { Kit } from '../../pdk/kit.ts'
import { LuaFault, type LuaModule, type LuaValue } from '../../pdk/lua-engine.ts'
import { namedHeader, withHyphens } from '../../pdk/named-header.ts'
import { isTable, numberIn, stringIn } from './arguments.ts'
import { headerTable } from './header-reading.ts'
import { headerName, headersIn, headerValues, isTransferEncoding } from './header-writing.ts'
import { messageFor } from './http-messages.ts'
import { jsonText } from './json-text.ts'
import { writeLog } from './kong-log.ts'
import { changeAnswer, chooseType, chosenType } from './pending.ts'
import { ANSWERED, HEAD } from './phases.ts'
import { endWith, type LuaRun, type LuaScope } from './scope.ts'

/** `kong.response`. */
export function kongResponse(scope: LuaScope, { runtime }: Pick<Kit, 'runtime'>): LuaModule {
  const head = () => scope.run(...HEAD)
  const answer = () => scope.run(...ANSWERED).exchange.response
  return {
    members: {
      get_status: () => answer().status,
      get_header: (name) => named(answer(), stringIn(name, 'header name')),
      get_headers: (most) => headerTable(answer().headers.list, most),
      get_source: () => answer().source,
      set_status: (status) => {
        const run = head()
        const code = statusIn(status, 100)
        changeAnswer(run, (response) => {
          response.status = code
        })
        return undefined
      },
      ...headerMembers(scope, runtime),
      get_raw_body: () => bodySoFar(scope.run('body_filter')),
      set_raw_body: (body) => {
        const { part, exchange } = scope.run('body_filter')
        const text = stringIn(body, 'body')
        if (part === undefined) return undefined
        // Kong: nginx needs something to send, and this is the end.
        part.chunk = text === '' ? '\n' : text
        part.last = true
        exchange.shared.delete(KEPT)
        return undefined
      },
      ...exits(scope, runtime),
    },
  }
}

/** What ends the request with an answer. */
function exits(scope: LuaScope, runtime: Kit['runtime']): LuaModule['members'] {
  return {
    exit: (status, body, headers) => {
      const run = scope.run(...HEAD)
      const code = statusIn(status, 100)
      if (body !== undefined && typeof body !== 'string' && !isTable(body)) {
        throw new LuaFault('body must be a nil, string or table')
      }
      const given = headersOf(run, headers, runtime)
      return endWith(run, exitFor(code, body, typedAsChosen(given, chosenType(run))))
    },
    error: (status, message, headers) => {
      const run = scope.run(...HEAD)
      const code = statusIn(status, 400)
      const text = said(message, code)
      return endWith(run, refusal(code, text, withForm(headersOf(run, headers, runtime))))
    },
  }
}

/** OpenResty: `_` stands for `-` where no header has that name. */
function named({ headers }: AnswerSide, name: string): string | undefined {
  return namedHeader(headers, name)
}

/** What changes the head's headers; Kong: `_` in a name becomes `-`. */
function headerMembers(scope: LuaScope, runtime: Kit['runtime']): LuaModule['members'] {
  const set = (run: LuaRun, all: readonly (readonly [string, string[]])[]) =>
    changeAnswer(run, ({ headers }) => {
      for (const [name, values] of all) headers.set(name, values)
    })
  const choose = (run: LuaRun, name: string, [type]: readonly string[]) => {
    if (withHyphens(name).toLowerCase() === 'content-type') chooseType(run, type)
  }
  return {
    set_header: (name, value) => {
      const run = scope.run(...HEAD)
      const header = headerName(name)
      const values = headerValues(header, value)
      if (!isIgnored(run, header, runtime)) set(run, [[header, values]])
      choose(run, header, values)
      return undefined
    },
    add_header: (name, value) => {
      const run = scope.run(...HEAD)
      const header = headerName(name)
      const values = headerValues(header, value)
      changeAnswer(run, ({ headers }) => {
        for (const one of values) headers.add(header, one)
      })
      return undefined
    },
    clear_header: (name) => {
      const run = scope.run(...HEAD)
      const header = withHyphens(stringIn(name, 'header name'))
      changeAnswer(run, ({ headers }) => headers.delete(header))
      choose(run, header, [])
      return undefined
    },
    set_headers: (given) => {
      const run = scope.run(...HEAD)
      const all = headersIn(given).filter(([name]) => !isIgnored(run, name, runtime))
      set(run, all)
      for (const [name, values] of all) choose(run, name, values)
      return undefined
    },
  }
}

function isIgnored(run: LuaRun, name: string, runtime: Kit['runtime']): boolean {
  if (!isTransferEncoding(name)) return false
  writeLog(run, runtime, {
    level: 'warn',
    args: ['manually setting Transfer-Encoding. Ignored.'],
  })
  return true
}

function statusIn(value: LuaValue, least: number): number {
  const status = numberIn(value, 'code')
  if (status >= least && status <= 599) return Math.floor(status)
  throw new LuaFault(`code must be a number between ${least} and 599`)
}

function headersOf(run: LuaRun, given: LuaValue, runtime: Kit['runtime']): HeaderList {
  if (given === undefined) return []
  if (!isTable(given)) throw new LuaFault('headers must be a nil or table')
  return headersIn(given)
    .filter(([name]) => !isIgnored(run, name, runtime))
    .flatMap(([name, values]) => values.flatMap((value) => [withHyphens(name), value]))
}

/** Kong: with a type chosen before that is gRPC's an answer is one of gRPC's. */
function typedAsChosen(headers: HeaderList, chosen: string | undefined): HeaderList {
  if (chosen?.startsWith(GRPC) !== true || headerOf(headers, 'content-type') !== undefined) {
    return headers
  }
  return ['Content-Type', chosen, ...headers]
}

const GRPC = 'application/grpc'

/** The types that Kong has an error's body for, as they are written. */
const FORMS =
  /^(?:(?:application\/(?:json|xml)|text\/(?:html|plain))(?:; charset=utf-8)?|application\/grpc)$/

function withForm(headers: HeaderList): HeaderList {
  const type = headerOf(headers, 'content-type')
  if (type === undefined || FORMS.test(type)) return headers
  throw new LuaFault(`no template found for MIME type ${type}`)
}

/** Kong: a table says its type, a text has the one that its headers name or none. */
function exitFor(status: number, body: LuaValue, headers: HeaderList): Exit {
  if (!isTable(body)) {
    return exitWith(status, {
      headers,
      ...(typeof body === 'string' && { body: bytesOf(body) }),
    })
  }
  const type = headerOf(headers, 'content-type')
  if (type?.startsWith(GRPC) === true) {
    throw new LuaFault('table body encoding with gRPC is not supported')
  }
  const bytes = bytesOf(encoded(body, UNWRITABLE))
  if (type !== undefined) return exitWith(status, { body: bytes, headers })
  const message = body.get('message')
  return {
    ...exitWith(status, { body: bytes, headers: ['Content-Type', JSON_TYPE, ...headers] }),
    table: typeof message === 'string' ? { message } : {},
  }
}

const JSON_TYPE = 'application/json; charset=utf-8'
const UNWRITABLE = 'body encoding failed while flushing response'

function encoded(table: LuaValue, failing: string): string {
  try {
    return jsonText(table, 16)
  } catch (error) {
    if (error instanceof LuaFault) throw new LuaFault(`${failing}: ${error.message}`)
    throw error
  }
}

function said(message: LuaValue, status: number): string {
  if (message === undefined) return messageFor(status)
  if (typeof message === 'string') return fromByteString(message)
  if (isTable(message)) {
    return fromByteString(encoded(message, 'could not JSON encode the error message'))
  }
  throw new LuaFault('message must be a nil, a string or a table')
}

const KEPT = {}

/** Kong: the chunks are held back until the last has come, and nothing is known before. */
function bodySoFar({ exchange, part }: LuaRun): string | undefined {
  if (part === undefined) return undefined
  const { shared } = exchange
  // Only texts are put under this key, here.
  const before = shared.get(KEPT) as string | undefined
  const kept = (before ?? '') + (part.chunk ?? '')
  shared.set(KEPT, kept)
  part.chunk = part.last ? kept : undefined
  // Kong: who asks again sees the whole once.
  if (part.last) shared.delete(KEPT)
  return part.chunk
}
