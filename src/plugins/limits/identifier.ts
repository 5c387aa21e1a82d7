import { toByteString } from '../../lib/byte-string.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { namedHeader } from '../../pdk/named-header.ts'

/** By what clients are told apart. */
export interface Telling {
  readonly limit_by: 'consumer' | 'credential' | 'ip' | 'service' | 'header' | 'path' | null
  readonly header_name?: string | null
  readonly path?: string | null
}

/** Finds whose uses are counted; whoever cannot be told apart so is told by the address. */
export function identifierOf({ limit_by: by, header_name: name, path }: Telling) {
  const known = knower(by, name ?? '', toByteString(path ?? ''))
  return (exchange: Exchange): string => known(exchange) ?? exchange.client.ip
}

function knower(
  by: Telling['limit_by'],
  name: string,
  path: string,
): (exchange: Exchange) => string | undefined {
  switch (by) {
    case 'ip':
      return () => undefined
    case 'credential':
      return ({ client }) => client.credential?.id
    case 'service':
      return ({ service }) => service?.id
    case 'header':
      return ({ request }) => namedHeader(request.headers, name)
    case 'path':
      return ({ request }) => (request.path === path ? path : undefined)
    default:
      return ({ client }) => client.consumer?.id ?? client.credential?.id
  }
}
