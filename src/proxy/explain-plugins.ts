import type { Plugin } from '../pdk/plugin.ts'
import type { Row } from '../schema/entity.ts'
import { servesHttp } from '../snapshot/plugins.ts'
import type { EntityStore } from '../store/entity-store.ts'

/** A plugin's configuration that is there for a request, in the order of the chain. */
export interface ExplainedPlugin {
  readonly id: string
  readonly name: string
  readonly priority: number
  /** What it is scoped by, `global` when by nothing. */
  readonly scope: string
  /** Whether it is the one of its name that counts here. */
  readonly runs: boolean
  /** Whether this release does what it says. */
  readonly enforced: boolean
  /** Why it does not count; absent when it does. */
  readonly reason?: string
}

/** Whom the request is for. */
export interface PluginQuestion {
  readonly routeId: string
  readonly serviceId: string | undefined
}

/** Every plugin that applies, or would if nothing more specific did. */
export function explainPlugins(
  { store, plugins }: { readonly store: EntityStore; readonly plugins: readonly Plugin[] },
  question: PluginQuestion,
): ExplainedPlugin[] {
  const known = new Map(plugins.map((plugin) => [plugin.name, plugin]))
  const applying = store
    .all('plugins')
    .filter((row) => appliesTo(row, question))
    .sort((a, b) => order(a, b, known) || weight(b) - weight(a))
  const counting = new Map<unknown, Row>()
  return applying.map((row) => {
    const plugin = known.get(String(row.name))
    const stronger = counting.get(row.name)
    const reason = reasonOf(row, stronger)
    if (reason === undefined) counting.set(row.name, row)
    return {
      id: row.id,
      name: String(row.name),
      priority: plugin?.priority ?? 0,
      scope: scopesOf(row).join(' and ') || 'global',
      runs: reason === undefined,
      enforced: plugin?.open !== undefined,
      ...(reason === undefined ? {} : { reason }),
    }
  })
}

/** Kong: the more specific wins; a consumer weighs most, then the route, then the service. */
const SCOPES = { consumer: 4, route: 2, service: 1 } as const
type ScopeName = keyof typeof SCOPES

function scopesOf(row: Row): ScopeName[] {
  const names: ScopeName[] = ['consumer', 'route', 'service']
  return names.filter((name) => idIn(row[name]) !== undefined)
}

/** First how much is said, then what. */
function weight(row: Row): number {
  const scopes = scopesOf(row)
  return scopes.reduce((sum, name) => sum + SCOPES[name], scopes.length * 10)
}

/** Higher priorities first, equal ones by name, descending. */
function order(a: Row, b: Row, known: ReadonlyMap<string, Plugin>): number {
  const [one, other] = [String(a.name), String(b.name)]
  const byPriority = (known.get(other)?.priority ?? 0) - (known.get(one)?.priority ?? 0)
  return byPriority || (one === other ? 0 : one > other ? -1 : 1)
}

function appliesTo(row: Row, { routeId, serviceId }: PluginQuestion): boolean {
  const route = idIn(row.route)
  const service = idIn(row.service)
  return (
    (route === undefined || route === routeId) && (service === undefined || service === serviceId)
  )
}

function reasonOf(row: Row, stronger: Row | undefined): string | undefined {
  if (row.enabled === false) return 'is disabled'
  if (!servesHttp(row)) return 'is for streams'
  if (idIn(row.consumer) !== undefined) return 'runs for its consumer alone, whom nobody asked as'
  return stronger === undefined ? undefined : `${stronger.id} is more specific`
}

function idIn(reference: unknown): string | undefined {
  if (typeof reference !== 'object' || reference === null || !('id' in reference)) return undefined
  return typeof reference.id === 'string' ? reference.id : undefined
}
