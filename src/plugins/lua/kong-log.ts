import { fromByteString } from '../../lib/byte-string.ts'
import type { Kit } from '../../pdk/kit.ts'
import { changeLogRecord } from '../../pdk/log-values.ts'
import { LuaFault, type LuaModule, type LuaNative, type LuaValue } from '../../pdk/lua-engine.ts'
import type { LogLevel } from '../../ports/runtime.ts'
import { isObject } from '../../schema/field.ts'
import { isTable, stringIn, textIn } from './arguments.ts'
import { RECORDING } from './phases.ts'
import { luaOf, plainOf } from './plain.ts'
import { type LuaRun, type LuaScope, logFields } from './scope.ts'

const LEVELS = {
  debug: 'debug',
  info: 'info',
  notice: 'notice',
  warn: 'warn',
  err: 'error',
  crit: 'crit',
  // The gateway's log ends at `crit`.
  alert: 'crit',
  emerg: 'crit',
} as const

/** `kong.log`. */
export function kongLog(scope: LuaScope, { runtime }: Pick<Kit, 'runtime'>): LuaModule {
  const at =
    (level: LogLevel): LuaNative =>
    (...args) => {
      writeLog(scope.run(), runtime, { level, args })
      return undefined
    }
  const inspect: LuaNative = (...args) => {
    const texts = args.map((one) => JSON.stringify(plainOf(one)))
    writeLog(scope.run(), runtime, { level: 'debug', args: [texts.join(' ')] })
    return undefined
  }
  const deprecation: LuaNative = (...args) => {
    writeLog(scope.run(), runtime, { level: 'warn', args: deprecated(args) })
    return undefined
  }
  return {
    call: at('notice'),
    members: {
      ...Object.fromEntries(Object.entries(LEVELS).map(([name, level]) => [name, at(level)])),
      inspect: { call: inspect, members: { on: () => undefined, off: () => undefined } },
      deprecation: {
        call: deprecation,
        members: { write: deprecation },
      },
      serialize: () => luaOf(scope.run('log').exchange.record()),
      set_serialize_value: (key, value, options) => {
        const mode = isTable(options) ? options.get('mode') : undefined
        setSerialized(scope.run(...RECORDING), stringIn(key, 'key'), { value, mode })
        return undefined
      },
    },
  }
}

/** Kong: a table at the end says since when, and until when. */
function deprecated(args: readonly LuaValue[]): readonly LuaValue[] {
  const last = args.at(-1)
  if (last === undefined || !isTable(last)) return args
  const [after, removal] = [last.get('after'), last.get('removal')]
  const parts = [
    ...(after === undefined ? [] : [`deprecated after ${shown(after)}`]),
    ...(removal === undefined ? [] : [`scheduled for removal in ${shown(removal)}`]),
  ]
  const words = args.slice(0, -1)
  return parts.length === 0 ? words : [...words, ` (${parts.join(', ')})`]
}

/** Writes a line of the gateway's log. */
export function writeLog(
  run: LuaRun,
  { log }: Pick<Kit['runtime'], 'log'>,
  { level, args }: { readonly level: LogLevel; readonly args: readonly LuaValue[] },
): void {
  const text = fromByteString(args.map(shown).join(''))
  log(level, `[${run.plugin.name}] ${text}`, logFields(run))
}

function shown(value: LuaValue): string {
  if (value === undefined) return 'nil'
  if (value === null) return 'userdata: NULL'
  return typeof value === 'object' ? value.kind : textIn(value, 'argument')
}

/** A value for the log record, and when it is set. */
interface Serialized {
  readonly value: LuaValue
  /** `set`, `add` or `replace`, as Kong has them. */
  readonly mode: LuaValue
}

type Members = Readonly<Record<string, unknown>>

/** Sets a value of the log record; a dotted key lies in tables of those names. */
export function setSerialized(
  { exchange, phase }: LuaRun,
  key: string,
  { value, mode = 'set' }: Serialized,
): void {
  if (mode !== 'set' && mode !== 'add' && mode !== 'replace') {
    throw new LuaFault("mode must be 'set', 'add' or 'replace'")
  }
  const path = fromByteString(key).split('.')
  const plain = value === undefined ? undefined : plainOf(value)
  // Kong: `add` and `replace` ask the whole record, which is there in the log phase alone.
  if (phase === 'log') refuseThroughScalars(exchange.record(), path)
  changeLogRecord(exchange, (record) => placed(record, path, { value: plain, mode }))
}

/** Kong: names before a dot are of tables. */
function refuseThroughScalars(record: Members, path: readonly string[]): void {
  let at: unknown = record
  for (const name of path.slice(0, -1)) {
    at = memberOf(at, name)
    if (at === undefined) return
    if (!isObject(at)) {
      throw new LuaFault(
        `The key '${path.join('.')}' could not be used as a serialize value. Subkey '${name}' is not a table. It's ${String(at)}`,
      )
    }
  }
}

function memberOf(holder: unknown, name: string): unknown {
  return isObject(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined
}

/** The members with the value at its place; unchanged where the mode or a value in the way forbids it. */
function placed(
  members: Members,
  [name = '', ...rest]: readonly string[],
  change: { readonly value: unknown; readonly mode: 'set' | 'add' | 'replace' },
): Members {
  const before = memberOf(members, name)
  if (rest.length > 0) {
    if (before === undefined && change.mode === 'replace') return members
    if (before !== undefined && !isObject(before)) return members
    return withMember(members, name, placed(before ?? {}, rest, change))
  }
  const isThere = before !== undefined
  if ((change.mode === 'add' && isThere) || (change.mode === 'replace' && !isThere)) return members
  return withMember(members, name, change.value)
}

/** A name such as `__proto__` is one like any other. */
function withMember(members: Members, name: string, value: unknown): Members {
  const others = Object.entries(members).filter(([other]) => other !== name)
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]])
}
