import type { Entity, Subschema } from '../schema/entity.ts'
import type { EntityCheck, Field, Fields } from '../schema/field.ts'

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
  /** Whether it does anything yet; one that does not cannot be enabled. */
  readonly enforced?: boolean
}

/** Keeps a plugin's literal types. */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  return plugin
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
