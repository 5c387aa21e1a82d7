import type { Layout } from './layout.ts'
import {
  caCertificateLayout,
  certificateLayout,
  consumerLayout,
  credentialLayouts,
  keyLayout,
  sniLayout,
  targetLayout,
  vaultLayout,
} from './other-layouts.ts'
import { pluginLayout } from './plugin.ts'
import { routeLayout } from './route.ts'
import { serviceLayout } from './service.ts'
import { upstreamLayout } from './upstream.ts'

const LAYOUTS: Readonly<Record<string, Layout>> = {
  upstreams: upstreamLayout,
  targets: targetLayout,
  services: serviceLayout,
  routes: routeLayout,
  consumers: consumerLayout,
  certificates: certificateLayout,
  ca_certificates: caCertificateLayout,
  snis: sniLayout,
  vaults: vaultLayout,
  keys: keyLayout,
  ...credentialLayouts,
}

/** How the form of a kind is laid out; what is not named here is left to the schema. */
export function layoutOf(path: string, isBelow: boolean): Layout {
  return path === 'plugins' ? pluginLayout(isBelow) : (LAYOUTS[path] ?? {})
}

/** The reference that a place gives already: `service` below a service. */
export const GIVEN: Readonly<Record<string, string>> = {
  services: 'service',
  routes: 'route',
  consumers: 'consumer',
  upstreams: 'upstream',
  certificates: 'certificate',
  'key-sets': 'set',
}
