import type { Kit } from '../../pdk/kit.ts'
import {
  LuaFault,
  type LuaMachine,
  type LuaModule,
  type LuaNative,
  type LuaValue,
} from '../../pdk/lua-engine.ts'
import { isTable, itemsOf, numberIn, textIn } from './arguments.ts'
import { ngxHeaders } from './header-reading.ts'
import { headerName, ngxHeaderValues } from './header-writing.ts'
import { writeLog } from './kong-log.ts'
import { ngxAnswer } from './ngx-answer.ts'
import { CONSTANTS } from './ngx-constants.ts'
import { contextOf } from './ngx-context.ts'
import { ngxRegex } from './ngx-regex.ts'
import { ngxReq } from './ngx-req.ts'
import { ngxTexts } from './ngx-texts.ts'
import { ngxTimes } from './ngx-times.ts'
import { ngxVar } from './ngx-var.ts'
import { changeAnswer, chooseStatus, chosenStatus } from './pending.ts'
import { RECEIVED } from './phases.ts'
import type { LuaScope } from './scope.ts'

/** nginx's levels by number; the gateway's log ends at `crit`. */
const LEVELS = [
  ...(['crit', 'crit', 'crit', 'crit'] as const),
  ...(['error', 'warn', 'notice', 'info', 'debug'] as const),
] as const

/** What `ngx` is made of. */
export interface NgxParts {
  readonly scope: LuaScope
  readonly kit: Pick<Kit, 'runtime' | 'entities'>
  readonly machine: () => LuaMachine
}

/** `ngx`, as far as it needs no nginx. */
export function ngxModule({ scope, kit, machine }: NgxParts): LuaModule {
  const { runtime } = kit
  return {
    members: {
      ...CONSTANTS,
      null: null,
      is_subrequest: false,
      var: ngxVar(scope, runtime),
      req: ngxReq(scope),
      re: ngxRegex,
      header: ngxHeader(scope),
      resp: {
        members: {
          get_headers: ngxHeaders(() => scope.run(...RECEIVED).exchange.response.headers.list),
        },
      },
      arg: ngxArg(scope),
      worker: ngxWorker(runtime),
      config: {
        members: { debug: false, nginx_version: 1_025_003, ngx_lua_version: 10_026 },
        read: (key) => (key === 'subsystem' ? subsystemOf(scope) : undefined),
      },
      ...ngxAnswer(scope),
      log: ngxLog(scope, runtime),
      ...ngxTimes(runtime),
      ...ngxTexts,
      get_phase: () => phaseOf(scope),
      sleep: () => {
        throw new LuaFault('ngx.sleep is not available here: functions cannot wait')
      },
    },
    read: (key) => {
      if (key === 'status') return statusOf(scope)
      if (key === 'headers_sent') return isHeadSent(scope)
      return key === 'ctx' ? contextOf(scope.run(), machine(), kit) : undefined
    },
    write: (key, value) => {
      if (key !== 'status')
        throw new LuaFault(`attempt to change a protected table, at key '${key}'`)
      chooseStatus(scope.nginx('rewrite', 'access', 'header_filter'), numberIn(value, 'status'))
    },
  }
}

function ngxLog(scope: LuaScope, runtime: Kit['runtime']): LuaNative {
  return (level, ...args) => {
    const name = LEVELS[numberIn(level, 'level')] ?? 'notice'
    writeLog(scope.run(), runtime, { level: name, args })
    return undefined
  }
}

/** nginx's process, of which there is one as far as functions can tell. */
function ngxWorker({ random }: Kit['runtime']): LuaModule {
  const pid = 1 + Math.floor(random() * 65_535)
  return {
    members: {
      pid: () => pid,
      pids: () => [pid],
      id: () => 0,
      count: () => 1,
      exiting: () => false,
    },
  }
}

/** nginx: handshakes are in a phase of another name. */
function phaseOf(scope: LuaScope): string {
  const { phase } = scope.run()
  return phase === 'certificate' ? 'ssl_cert' : phase
}

/** Whether it is about requests or about streams. */
export function subsystemOf(scope: LuaScope): string {
  const { session, handshake } = scope.run()
  return session === undefined ? (handshake?.listener ?? 'http') : 'stream'
}

function isHeadSent(scope: LuaScope): boolean {
  const { phase, said } = scope.run()
  return said !== '' || phase === 'body_filter' || phase === 'log'
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
      const values = ngxHeaderValues(name, value)
      changeAnswer(scope.nginx('rewrite', 'access', 'header_filter'), ({ headers }) => {
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

function ngxArg(scope: LuaScope): LuaModule {
  return {
    read: (key) => {
      const { part } = scope.nginx('body_filter')
      return key === 1 ? (part?.chunk ?? '') : key === 2 ? part?.last : undefined
    },
    write: (key, value) => {
      const { part } = scope.nginx('body_filter')
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
