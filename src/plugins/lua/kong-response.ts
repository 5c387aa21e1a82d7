import { fromByteString, toByteString } from '../../lib/byte-string.ts'
import type { HeaderList } from '../../lib/header-list.ts'
import { bytesOf } from '../../lib/latin1.ts'
import { type Exit, exitWith, refusal } from '../../pdk/exit.ts'
import { LuaFault, type LuaModule, type LuaValue } from '../../pdk/lua-engine.ts'
import {
  headerName,
  headersIn,
  headerValues,
  isTable,
  numberIn,
  stringIn,
  tableIn,
} from './arguments.ts'
import { messageFor } from './http-messages.ts'
import { changeAnswer } from './pending.ts'
import { headerMap, plainOf } from './plain.ts'
import { endWith, type LuaRun, type LuaScope } from './scope.ts'

/** `kong.response`. */
export function kongResponse(scope: LuaScope): LuaModule {
  const head = () => scope.run('rewrite', 'access', 'header_filter')
  const answer = () => scope.run('header_filter', 'body_filter', 'log').exchange.response
  return {
    members: {
      get_status: () => answer().status,
      get_header: (name) => answer().headers.get(stringIn(name, 'header')),
      get_headers: () => headerMap(answer().headers.list),
      get_source: () => answer().source,
      set_status: (status) => {
        const code = statusIn(status, 100)
        changeAnswer(head(), (response) => {
          response.status = code
        })
        return undefined
      },
      set_header: (name, value) => {
        const header = headerName(name)
        const values = headerValues(header, value)
        changeAnswer(head(), ({ headers }) => headers.set(header, values))
        return undefined
      },
      add_header: (name, value) => {
        const header = headerName(name)
        const values = headerValues(header, value)
        changeAnswer(head(), ({ headers }) => {
          for (const one of values) headers.add(header, one)
        })
        return undefined
      },
      clear_header: (name) => {
        const header = headerName(name)
        changeAnswer(head(), ({ headers }) => headers.delete(header))
        return undefined
      },
      set_headers: (given) => {
        const all = headersIn(tableIn(given, 'headers'))
        changeAnswer(head(), ({ headers }) => {
          for (const [name, values] of all) headers.set(name, values)
        })
        return undefined
      },
      get_raw_body: () => bodySoFar(scope.run('body_filter')),
      set_raw_body: (body) => {
        const { part } = scope.run('body_filter')
        if (part !== undefined) part.chunk = part.last ? stringIn(body, 'body') : undefined
        return undefined
      },
      exit: (status, body, headers) => {
        const run = head()
        if (run.phase === 'header_filter' && body !== undefined) {
          throw new LuaFault('body cannot be set in header_filter phase')
        }
        return endWith(run, exitFor(statusIn(status, 100), body, headerList(headers)))
      },
      error: (status, message, headers) => {
        const run = head()
        const code = statusIn(status, 400)
        return endWith(run, refusal(code, said(message, code), headerList(headers)))
      },
    },
  }
}

function statusIn(value: LuaValue, least: number): number {
  const status = numberIn(value, 'code')
  if (Number.isInteger(status) && status >= least && status <= 599) return status
  throw new LuaFault(`code must be a number between ${least} and 599`)
}

function headerList(given: LuaValue): HeaderList {
  if (given === undefined) return []
  if (!isTable(given)) throw new LuaFault('headers must be a nil or table')
  return headersIn(given).flatMap(([name, values]) => values.flatMap((value) => [name, value]))
}

function exitFor(status: number, body: LuaValue, headers: HeaderList): Exit {
  if (body === undefined) return exitWith(status, { headers })
  const hasType = headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-type')
  const typed = (type: string) => (hasType ? headers : ['Content-Type', type, ...headers])
  if (typeof body === 'string') {
    return exitWith(status, { body: bytesOf(body), headers: typed('text/plain; charset=utf-8') })
  }
  if (!isTable(body)) throw new LuaFault('body must be a nil, string or table')
  const text = toByteString(JSON.stringify(plainOf(body)))
  return exitWith(status, {
    body: bytesOf(text),
    headers: typed('application/json; charset=utf-8'),
  })
}

function said(message: LuaValue, status: number): string {
  if (message === undefined) return messageFor(status)
  if (typeof message === 'string') return fromByteString(message)
  if (isTable(message)) return JSON.stringify(plainOf(message))
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
  return part.last ? kept : undefined
}
