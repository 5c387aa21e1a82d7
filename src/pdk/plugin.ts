import type { SocketCaps } from '../ports/sockets.ts'
import type { Entity, RecordOf, Subschema } from '../schema/entity.ts'
import type { FieldErrors } from '../schema/error-tree.ts'
import type { EntityCheck, Field, Fields } from '../schema/field.ts'
import type { AdminRoute } from './admin-route.ts'
import type { Hooks } from './hooks.ts'
import type { Kit } from './kit.ts'
import type { LuaEngine } from './lua-engine.ts'

/** The references a plugin may be scoped by. */
export type Scope = 'service' | 'route' | 'consumer'

/** A plugin, said once: from it follow its config's rules, `/schemas`, docs and place in the chain. */
export interface Plugin {
  readonly name: string
  /** Higher ones run first; equal ones by name, descending. */
  readonly priority: number
  /** `protocols` as its schema shows it; Kong's for HTTP when absent. */
  readonly protocols?: Field
  /** Scopes it refuses, in wire order. */
  readonly unscoped?: readonly Scope[]
  /** Whether its schema lists `protocols` before the scopes. */
  readonly protocolsFirst?: boolean
  /** The `config` record: its fields, checks and shorthands. */
  readonly config: Field & { readonly type: 'record'; readonly fields: Fields }
  /** Rules over several fields, by paths such as `config.redis.host`. */
  readonly entityChecks?: readonly EntityCheck[]
  /** Tables of its own, such as credentials. */
  readonly entities?: readonly Entity[]
  /** What people read of it; its page in the docs is made of this and of its fields. */
  readonly about?: About
  /** Prepares it for one configuration; absent where it does nothing yet, and cannot be enabled. */
  readonly open?: Open<never>
  /** What it needs of a runtime; refused when configured where that is not to be had. */
  readonly needs?: Needs
  /** What is wrong in a configuration as only a runtime's means can tell, such as code in Lua. */
  readonly faults?: Faults
  /** What it answers on the Admin API. */
  readonly admin?: readonly AdminRoute[]
}

/** A plugin in people's words. */
export interface About {
  /** What it is for, in a sentence or two. */
  readonly summary: string
  /** A configuration that is useful as it stands. */
  readonly example: Readonly<Record<string, unknown>>
  /** The URL of the example's service, where plain HTTP is of no use. */
  readonly service?: string
  /** What a user has to know beside the fields, a paragraph each; Markdown. */
  readonly notes?: readonly string[]
}

/** Prepares a plugin: what is the same for all requests is made here, once. A throw refuses its routes. */
export type Open<C> = (config: C, kit: Kit) => Hooks

/** Why a configuration cannot run on a runtime that can do so much; undefined when it can. */
export type Needs = (
  caps: RuntimeCaps,
  config: Readonly<Record<string, unknown>>,
) => string | undefined

/** The violations in a configuration, in its shape; undefined when there is none. */
export type Faults = (
  caps: RuntimeCaps,
  config: Readonly<Record<string, unknown>>,
) => FieldErrors | undefined

/** What a plugin may find on a runtime. */
export interface RuntimeCaps {
  /** Absent where there are no sockets. */
  readonly sockets: SocketCaps | undefined
  readonly files: boolean
  readonly syslog: boolean
  /** Whether calls of plugins may go by an HTTP proxy; absent means no. */
  readonly proxy?: boolean | undefined
  /** Absent where there is no Lua, or nobody asked for it. */
  readonly lua?: LuaEngine | undefined
}

/** The type of a plugin's `config`, read off its fields. */
export type ConfigOf<P extends Pick<Plugin, 'config'>> = RecordOf<P['config']['fields']>

/** Keeps a plugin's literal types; `open` says what it does. */
export function definePlugin<const P extends Omit<Plugin, 'open'>>(
  plugin: P,
  open?: Open<ConfigOf<P>>,
): P & Plugin {
  // Rows hold what their fields say, so an `open` for that very type gets nothing else.
  return open === undefined ? plugin : { ...plugin, open: open as Open<never> }
}

/** The protocols of HTTP, which most plugins are for. */
export const HTTP_PROTOCOLS = ['grpc', 'grpcs', 'http', 'https'] as const

/** What a plugin's name decides in the schema of `plugins`. */
export function subschemaOf(plugin: Plugin): Subschema {
  const scopes = Object.fromEntries((plugin.unscoped ?? []).map((scope) => [scope, foreign(scope)]))
  const protocols = { protocols: plugin.protocols ?? httpProtocols }
  const listed = plugin.protocolsFirst ? { ...protocols, ...scopes } : { ...scopes, ...protocols }
  return {
    fields: { ...listed, config: plugin.config },
    entityChecks: plugin.entityChecks ?? [],
  }
}

const httpProtocols: Field = {
  type: 'set',
  required: true,
  default: HTTP_PROTOCOLS,
  elements: { type: 'string', one_of: HTTP_PROTOCOLS },
}

function foreign(scope: Scope): Field {
  return { type: 'foreign', reference: `${scope}s`, eq: null }
}
