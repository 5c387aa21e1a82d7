import type { AdminKit, AdminRoute } from '../pdk/admin-route.ts'
import type { Plugin } from '../pdk/plugin.ts'
import { isObject } from '../schema/field.ts'
import { type MetricsSources, metricsResource } from './metrics.ts'
import type { Reply } from './reply.ts'
import type { Call, Handler, Resource, Verb } from './resource.ts'

/** What the pages of plugins tell of. */
export interface PluginPageSources extends MetricsSources {
  readonly plugins: readonly Plugin[]
  readonly kit: AdminKit
}

/** Pages that plugins bring beside their entities. */
export function pluginPages(sources: PluginPageSources): Resource[] {
  const { plugins, kit } = sources
  const counts = plugins.some(({ name }) => name === 'prometheus')
  return [...answeredPages(plugins, kit), ...(counts ? [metricsResource(sources)] : [])]
}

/** Makes the resources of what plugins answer, one a pattern. */
function answeredPages(plugins: readonly Plugin[], kit: AdminKit): Resource[] {
  const handlers = new Map<string, Partial<Record<Verb, Handler>>>()
  for (const route of plugins.flatMap(({ admin }) => admin ?? [])) {
    const known = handlers.get(route.path) ?? {}
    known[route.method] = (call) => answerTo(route, call, kit)
    handlers.set(route.path, known)
  }
  return Array.from(handlers, ([pattern, verbs]) => ({ pattern, handlers: verbs }))
}

async function answerTo(route: AdminRoute, call: Call, kit: AdminKit): Promise<Reply> {
  const { payload, query } = call
  const names = Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name)
  const params = Object.fromEntries(names.map((name) => [name, call.param(name)]))
  const body = payload.kind !== 'yaml' && isObject(payload.value) ? payload.value : {}
  const { status, body: answered } = await route.answer(
    { params, query: textsOf(query), body },
    kit,
  )
  return answered === undefined ? { status } : { status, body: answered }
}

/** An argument without `=` is an empty text. */
function textsOf({ all }: Call['query']): Readonly<Record<string, string>> {
  return Object.fromEntries(all.map(([name, value]) => [name, value === true ? '' : value]))
}
