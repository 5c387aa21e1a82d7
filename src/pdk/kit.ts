import type { After } from '../lib/after.ts'
import type { Files } from '../ports/files.ts'
import type { KV } from '../ports/kv.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Sockets } from '../ports/sockets.ts'
import type { Syslog } from '../ports/syslog.ts'
import type { Row, RowReader } from '../schema/entity.ts'
import type { HttpCaller } from './http-call.ts'
import type { LogLines } from './log-lines.ts'
import type { LuaEngine } from './lua-engine.ts'
import type { RedisPool } from './redis/pool.ts'
import type { Secrets } from './secrets.ts'

/** What a plugin is given to work with, for one configuration of it. */
export interface Kit {
  readonly plugin: Configured
  readonly runtime: Runtime
  /** What this node is called; absent where nobody said. */
  readonly node?: NodeNames | undefined
  /** The settings as `GET /` shows them, without secrets; absent where nobody said. */
  readonly configuration?: Readonly<Record<string, unknown>> | undefined
  /** Lines of the gateway's own log; absent where nobody can listen to it. */
  readonly logs?: LogLines | undefined
  /** Counters and small state; shared with other gateways where `kv.traits` says so. */
  readonly kv: KV
  /** Where answers that are kept are: in memory unless this says so. */
  readonly answerStorage?: 'memory' | 'kv' | undefined
  /** Which spans there are to be; all, where nobody said. */
  readonly tracing?: Tracing | undefined
  readonly entities: Entities
  /** Looks references up in what `entities` shows; a plugin's own configuration has none left. */
  readonly secrets?: Secrets | undefined
  /** Asks other servers over HTTP. */
  readonly http: HttpCaller
  /** Absent where the runtime has none; a plugin that needs it is refused there. */
  readonly sockets: Sockets | undefined
  readonly files: Files | undefined
  readonly syslog: Syslog | undefined
  readonly redis: RedisPool
  /** Runs functions of the operator; absent where there is none, or nobody asked for it. */
  readonly lua?: LuaEngine | undefined
  /** Calls back once after some milliseconds; calling what it gives prevents that. */
  readonly after: After
  /** What outlives a change of configuration, made once under this key. */
  keep<T>(key: string, make: () => T): T
  /** How many bytes of a body a plugin may hold when its configuration does not say. */
  readonly bodyLimit: number
}

/** Which spans are made, and of how many requests. */
export interface Tracing {
  readonly requests: boolean
  readonly tries: boolean
  /** The part that is sampled where a plugin does not say. */
  readonly samplingRate: number
}

/** A node's names. */
export interface NodeNames {
  readonly id: string
  readonly hostname: string
}

/** Whose configuration it is. */
export interface Configured {
  readonly id: string
  readonly name: string
  readonly routeId: string | undefined
  readonly serviceId: string | undefined
  readonly consumerId: string | undefined
}

/** Stored entities, as reads show them. Writes check and persist as the Admin API's do. */
export interface Entities extends RowReader {
  /** By a unique field. */
  getBy(entity: string, field: string, value: string): Row | undefined
  all(entity: string): readonly Row[]
  insert(entity: string, input: unknown): Promise<Row>
  update(entity: string, id: string, patch: unknown): Promise<Row>
  upsert(entity: string, id: string, input: unknown): Promise<Row>
  remove(entity: string, id: string): Promise<boolean>
}
