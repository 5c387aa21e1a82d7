import { decodeBase64, encodeBase64 } from '../../lib/base64.ts'
import { bytesOf, charsOf } from '../../lib/latin1.ts'
import type { Kit } from '../../pdk/kit.ts'
import { LuaFault, type LuaMachine, type LuaModule, type LuaValue } from '../../pdk/lua-engine.ts'
import {
  headerName,
  headerValues,
  isTable,
  itemsOf,
  numberIn,
  stringIn,
  tableIn,
  textIn,
} from './arguments.ts'
import { writeLog } from './kong-log.ts'
import { ngxAnswer } from './ngx-answer.ts'
import { ngxRegex } from './ngx-regex.ts'
import { ngxReq } from './ngx-req.ts'
import { ngxVar } from './ngx-var.ts'
import { changeAnswer, chooseStatus, chosenStatus } from './pending.ts'
import { multiMap } from './plain.ts'
import { decodeArgs, encodeArgs, escapeUri, unescapeUri } from './query.ts'
import { type LuaScope, tableOf } from './scope.ts'

/** nginx's levels by number; the gateway's log ends at `crit`. */
const LEVELS = [
  ...(['crit', 'crit', 'crit', 'crit'] as const),
  ...(['error', 'warn', 'notice', 'info', 'debug'] as const),
] as const

const CONSTANTS = {
  ...{ OK: 0, ERROR: -1, AGAIN: -2, DONE: -4, DECLINED: -5 },
  ...{ STDERR: 0, EMERG: 1, ALERT: 2, CRIT: 3, ERR: 4, WARN: 5, NOTICE: 6, INFO: 7, DEBUG: 8 },
  ...{ HTTP_OK: 200, HTTP_CREATED: 201, HTTP_ACCEPTED: 202, HTTP_NO_CONTENT: 204 },
  ...{ HTTP_MOVED_PERMANENTLY: 301, HTTP_MOVED_TEMPORARILY: 302, HTTP_SEE_OTHER: 303 },
  ...{ HTTP_NOT_MODIFIED: 304, HTTP_TEMPORARY_REDIRECT: 307, HTTP_BAD_REQUEST: 400 },
  ...{ HTTP_UNAUTHORIZED: 401, HTTP_PAYMENT_REQUIRED: 402, HTTP_FORBIDDEN: 403 },
  ...{ HTTP_NOT_FOUND: 404, HTTP_NOT_ALLOWED: 405, HTTP_NOT_ACCEPTABLE: 406 },
  ...{ HTTP_CONFLICT: 409, HTTP_GONE: 410, HTTP_TOO_MANY_REQUESTS: 429 },
  ...{ HTTP_INTERNAL_SERVER_ERROR: 500, HTTP_NOT_IMPLEMENTED: 501, HTTP_BAD_GATEWAY: 502 },
  ...{ HTTP_SERVICE_UNAVAILABLE: 503, HTTP_GATEWAY_TIMEOUT: 504 },
} as const

/** What `ngx` is made of. */
export interface NgxParts {
  readonly scope: LuaScope
  readonly kit: Pick<Kit, 'runtime'>
  readonly machine: () => LuaMachine
}

/** `ngx`, as far as it needs no nginx. */
export function ngxModule({ scope, kit: { runtime }, machine }: NgxParts): LuaModule {
  return {
    members: {
      ...CONSTANTS,
      null: null,
      var: ngxVar(scope),
      req: ngxReq(scope),
      re: ngxRegex,
      header: ngxHeader(scope),
      arg: ngxArg(scope),
      worker: ngxWorker(runtime),
      config: { read: (key) => (key === 'subsystem' ? subsystemOf(scope) : undefined) },
      ...ngxAnswer(scope),
      log: (level, ...args) => {
        const name = LEVELS[numberIn(level, 'level')] ?? 'notice'
        writeLog(scope.run(), runtime, { level: name, args })
        return undefined
      },
      now: () => runtime.now() / 1000,
      time: () => Math.floor(runtime.now() / 1000),
      update_time: () => undefined,
      today: () => new Date(runtime.now()).toISOString().slice(0, 10),
      utctime: () => new Date(runtime.now()).toISOString().slice(0, 19).replace('T', ' '),
      localtime: () => new Date(runtime.now()).toISOString().slice(0, 19).replace('T', ' '),
      http_time: (seconds) => new Date(numberIn(seconds, 'seconds') * 1000).toUTCString(),
      encode_base64: (text, unpadded) => {
        const encoded = encodeBase64(bytesOf(textIn(text, 'string')))
        return unpadded === true ? encoded.replace(/=+$/, '') : encoded
      },
      decode_base64: (text) => {
        const bytes = decodeBase64(stringIn(text, 'string'))
        return bytes === undefined ? undefined : charsOf(bytes)
      },
      escape_uri: (text) => escapeUri(textIn(text, 'string')),
      unescape_uri: (text) => unescapeUri(stringIn(text, 'string')),
      encode_args: (args) => encodeArgs(tableIn(args, 'args')),
      decode_args: (text) => multiMap(decodeArgs(stringIn(text, 'string'))),
      get_phase: () => phaseOf(scope),
      sleep: () => {
        throw new LuaFault('ngx.sleep is not available here: functions cannot wait')
      },
    },
    read: (key) => {
      if (key === 'status') return statusOf(scope)
      return key === 'ctx' ? tableOf(scope.run(), 'ngx.ctx', machine()) : undefined
    },
    write: (key, value) => {
      if (key !== 'status')
        throw new LuaFault(`attempt to change a protected table, at key '${key}'`)
      chooseStatus(scope.run('rewrite', 'access', 'header_filter'), numberIn(value, 'status'))
    },
  }
}

/** nginx's process, of which there is one as far as functions can tell. */
function ngxWorker({ random }: Kit['runtime']): LuaModule {
  const pid = 1 + Math.floor(random() * 65_535)
  return { members: { pid: () => pid, id: () => 0, count: () => 1, exiting: () => false } }
}

/** nginx: handshakes are in a phase of another name. */
function phaseOf(scope: LuaScope): string {
  const { phase } = scope.run()
  return phase === 'certificate' ? 'ssl_cert' : phase
}

function subsystemOf(scope: LuaScope): string {
  return scope.run().session === undefined ? 'http' : 'stream'
}

function statusOf(scope: LuaScope): number {
  const run = scope.run()
  if (run.session !== undefined) return run.session.facts().session.status
  if (run.phase === 'rewrite' || run.phase === 'access') return chosenStatus(run) ?? 0
  return run.exchange.response.status
}

function ngxHeader(scope: LuaScope): LuaModule {
  return {
    read: (key) => {
      const { phase, exchange } = scope.run()
      if (phase === 'rewrite' || phase === 'access') return undefined
      const values = exchange.response.headers.all(nameOf(key))
      return values.length > 1 ? values : values[0]
    },
    write: (key, value) => {
      const name = nameOf(key)
      const values = valuesIn(name, value)
      changeAnswer(scope.run('rewrite', 'access', 'header_filter'), ({ headers }) => {
        if (values === undefined) headers.delete(name)
        else headers.set(name, values)
      })
    },
  }
}

/** nginx: an underscore stands for a hyphen. */
function nameOf(key: string | number): string {
  return headerName(String(key).replaceAll('_', '-'))
}

function valuesIn(name: string, value: LuaValue): string[] | undefined {
  if (value === undefined || value === null) return undefined
  return headerValues(name, value)
}

function ngxArg(scope: LuaScope): LuaModule {
  return {
    read: (key) => {
      const { part } = scope.run('body_filter')
      return key === 1 ? (part?.chunk ?? '') : key === 2 ? part?.last : undefined
    },
    write: (key, value) => {
      const { part } = scope.run('body_filter')
      if (part === undefined) return
      if (key === 1) part.chunk = value === undefined ? undefined : joined(value)
      else if (key === 2) part.last = value === true
    },
  }
}

/** nginx takes tables of texts too. */
function joined(value: LuaValue): string {
  return isTable(value) ? itemsOf(value).map(joined).join('') : textIn(value, 'ngx.arg[1]')
}
