import { toByteString } from '../../lib/byte-string.ts'
import type { Hooks } from '../../pdk/hooks.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LogRecord } from '../../pdk/log-record.ts'
import { type LuaChunk, LuaEnd, LuaFault } from '../../pdk/lua-engine.ts'
import type { Faults, Needs } from '../../pdk/plugin.ts'
import type { SessionRecord } from '../../pdk/session.ts'
import { isObject } from '../../schema/field.ts'
import { isTable } from '../lua/arguments.ts'
import { runOf, runOfSession } from '../lua/functions.ts'
import { setSerialized } from '../lua/kong-log.ts'
import { codeFaults, needsLua } from '../lua/needs-lua.ts'
import { type LuaRun, logFields } from '../lua/scope.ts'
import { type World, worldOf } from '../lua/world.ts'

const FIELD = 'custom_fields_by_lua'

interface Config {
  readonly custom_fields_by_lua: Readonly<Record<string, string>> | null
}

/** Why expressions in Lua cannot be evaluated here. */
export const needsForCustomFields: Needs = (caps, { [FIELD]: fields }) => {
  const why = needsLua(caps, [fields])
  return why && `${FIELD}: ${why}`
}

/** Why expressions are no Lua. */
export const faultsInCustomFields: Faults = (caps, config) =>
  codeFaults(caps, config, { fields: [FIELD], saying: 'Error parsing function' })

/** What log plugins write, of a request or of a session. */
export type Entry = LogRecord | SessionRecord

/** What writes the entries of a configuration. */
interface Logging {
  readonly config: Config
  readonly kit: Kit
  readonly write: (entry: Entry) => void
}

/** Has the entry of each request and session written, with what a configuration's expressions make of it. */
export function logHooks({ config, kit, write }: Logging): Required<LogHooks> {
  const evaluate = evaluatorOf(config, kit)
  return {
    log(exchange) {
      evaluate?.(runOf(exchange, { kit, phase: 'log' }))
      write(exchange.record())
    },
    logSession(session) {
      evaluate?.(runOfSession(session, { kit, phase: 'log' }))
      write(session.record())
    },
  }
}

type LogHooks = Pick<Hooks, 'log' | 'logSession'>

/** What evaluates the expressions; undefined for none. */
function evaluatorOf(
  { custom_fields_by_lua }: Config,
  kit: Kit,
): ((run: LuaRun) => void) | undefined {
  const sources = Object.entries(custom_fields_by_lua ?? {})
  const world = sources.length === 0 ? undefined : worldOf(kit)
  if (world === undefined) {
    // It was stored where there was one: entries without them are better than none.
    if (sources.length > 0) kit.runtime.log('warn', `${FIELD} is left out: there is no Lua`)
    return undefined
  }
  const fields = sources.map(([key, source]) => compileField(key, source, world))
  return (run) => {
    for (const { key, evaluate } of fields) {
      const why = evaluate(run)
      if (why === undefined) continue
      const at = { plugin: kit.plugin.name, ...logFields(run) }
      kit.runtime.log('error', `${FIELD}.${key} failed: ${why}`, at)
    }
  }
}

/** The status that an entry is about; 0 where an expression has taken it out. */
export function statusIn({ response, session }: Readonly<Record<string, unknown>>): number {
  const about = response ?? session
  const status = isObject(about) ? about.status : undefined
  return typeof status === 'number' ? status : 0
}

interface CustomField {
  readonly key: string
  /** Puts its value into the record; says why when it cannot. */
  evaluate(run: LuaRun): string | undefined
}

function compileField(key: string, source: string, { machine, scope }: World): CustomField {
  const name = toByteString(key)
  let chunk: LuaChunk
  try {
    chunk = machine.compile(toByteString(source))
  } catch (error) {
    if (!(error instanceof LuaFault)) throw error
    // It was stored where nobody could tell.
    return { key, evaluate: () => error.message }
  }
  return {
    key,
    evaluate(run) {
      const outcome = scope.within(run, () => chunk.run())
      if (outcome.kind === 'failed') return outcome.message
      // Kong: what comes second are the options of `kong.log.set_serialize_value`.
      const [value, options] = outcome.kind === 'done' ? outcome.values : []
      return faultOf(() => {
        const mode = isTable(options) ? options.get('mode') : undefined
        setSerialized(run, name, { value, mode })
      })
    },
  }
}

/** Tables are looked into after the run, on what is left of its bounds. */
function faultOf(act: () => void): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof LuaFault || error instanceof LuaEnd) return error.message
    throw error
  }
}
