import { type HeaderList, headerOf } from '../lib/header-list.ts'
import type { Passing } from './passing.ts'
import type { Proxying } from './proxying.ts'

/** Kong: only with `allow_debug_header`, and only for a client that sends `Kong-Debug`, whatever it says; refusals bear them too. */
export function debugHeaders(
  { settings }: Pick<Proxying, 'settings'>,
  { request, route, service }: Passing,
): HeaderList | undefined {
  if (!settings.allowDebugHeader || route === undefined) return undefined
  if (headerOf(request.headers, 'kong-debug') === undefined) return undefined
  const headers = ['Kong-Route-Id', route.id]
  if (route.name !== null) headers.push('Kong-Route-Name', route.name)
  if (service === undefined) return headers
  headers.push('Kong-Service-Id', service.id)
  if (service.name !== null) headers.push('Kong-Service-Name', service.name)
  return headers
}
