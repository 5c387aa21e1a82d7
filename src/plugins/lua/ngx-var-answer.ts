import type { LuaData } from '../../pdk/lua-engine.ts'
import { isObject } from '../../schema/field.ts'
import { headerFolded } from './header-reading.ts'
import type { LuaRun } from './scope.ts'

type Read = (run: LuaRun) => string | number | undefined

const VARIABLES: Readonly<Record<string, Read>> = {
  status: (run) => (isAnswered(run) ? run.exchange.response.status : '000'),
  upstream_status: (run) => (isAnswered(run) ? run.exchange.response.serviceStatus : undefined),
  bytes_sent: (run) => (run.phase === 'log' ? recorded(run, 'response', 'size') : 0),
  request_length: (run) => recorded(run, 'request', 'size'),
  ssl_cipher: (run) => recorded(run, 'request', 'tls', 'cipher'),
  ssl_protocol: (run) => recorded(run, 'request', 'tls', 'version'),
  upstream_addr: (run) => {
    const { tries } = run.exchange.record()
    if (!Array.isArray(tries) || tries.length === 0) return undefined
    return tries.map(({ ip, port }) => addressOf(String(ip), port)).join(', ')
  },
}

/** A variable of nginx' that an answer or the record of it has; undefined before there is one. */
export function answerVariable(run: LuaRun, name: string): LuaData {
  if (run.handshake !== undefined) return undefined
  if (Object.hasOwn(VARIABLES, name)) {
    const value = VARIABLES[name]?.(run)
    return value === undefined ? undefined : String(value)
  }
  const [, header] = /^(?:sent|upstream)_http_(.+)$/.exec(name) ?? []
  if (header === undefined || !isAnswered(run)) return undefined
  return headerFolded(run.exchange.response.headers, header)
}

function isAnswered({ phase }: LuaRun): boolean {
  return phase === 'header_filter' || phase === 'body_filter' || phase === 'log'
}

/** A value of the record, which functions may have changed. */
function recorded({ exchange }: LuaRun, ...path: string[]): string | number | undefined {
  let at: unknown = exchange.record()
  for (const name of path) at = isObject(at) ? at[name] : undefined
  return typeof at === 'string' || typeof at === 'number' ? at : undefined
}

function addressOf(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
