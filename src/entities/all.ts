import type { RouterFlavor } from '../lib/router-flavor.ts'
import type { Entity } from '../schema/entity.ts'
import { caCertificate } from './ca-certificate.ts'
import { certificate } from './certificate.ts'
import { consumer } from './consumer.ts'
import { key } from './key.ts'
import { keySet } from './key-set.ts'
import { route, routeFor } from './route.ts'
import { dataPlane, filterChain, parameter, taggedRow, workspace } from './schema-only.ts'
import { service } from './service.ts'
import { sni } from './sni.ts'
import { target } from './target.ts'
import { upstream } from './upstream.ts'
import { vault } from './vault.ts'

/**
 * The tables every gateway has, parents first; plugins bring more. A new one is its file and its
 * place here.
 */
export const coreEntities: readonly Entity[] = [
  consumer,
  certificate,
  service,
  route,
  sni,
  upstream,
  target,
  caCertificate,
  vault,
  keySet,
  key,
]

/** The same tables, routes as a flavour of the router has them. */
export function coreEntitiesFor(flavor: RouterFlavor): readonly Entity[] {
  return coreEntities.map((entity) => (entity === route ? routeFor(flavor) : entity))
}

/** What `/schemas` and files know of and nothing is kept of, in Kong's order. */
export const schemaOnlyEntities: readonly Entity[] = [
  workspace,
  taggedRow,
  dataPlane,
  parameter,
  filterChain,
]
