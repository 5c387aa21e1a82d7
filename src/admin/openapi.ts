import { VERSION } from '../lib/version.ts'
import { openApiDocument } from '../openapi/document.ts'
import type { Plugin } from '../pdk/plugin.ts'
import type { Entity } from '../schema/entity.ts'
import { json } from './reply.ts'
import type { Resource } from './resource.ts'

/** What `/openapi.json` describes. */
export interface OpenApiSources {
  readonly entities: readonly Entity[]
  readonly plugins: readonly Plugin[]
  /** Every other resource there is, in the order they are looked for. */
  resources(): readonly Resource[]
}

/** `/openapi.json`: the whole Admin API, made when somebody first asks for it. */
export function openApiResources(sources: OpenApiSources): Resource[] {
  let made: unknown
  const resource: Resource = {
    pattern: '/openapi.json',
    handlers: {
      GET() {
        made ??= documentOf(sources, resource)
        return json(made)
      },
    },
  }
  return [resource]
}

function documentOf({ entities, plugins, resources }: OpenApiSources, own: Resource): unknown {
  const first = new Map<string, Resource>()
  for (const resource of [...resources(), own]) {
    if (!first.has(resource.pattern)) first.set(resource.pattern, resource)
  }
  const endpoints = [...first.values()]
    .filter(({ disabled }) => disabled !== true)
    .map(({ pattern, handlers }) => ({ pattern, verbs: Object.keys(handlers) }))
  return openApiDocument({ entities, plugins, endpoints, version: VERSION })
}
