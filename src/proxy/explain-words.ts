import type { RouterRequest } from '../router/router.ts'
import type { CompiledRoute } from '../snapshot/compiled.ts'
import type { Advantage } from './explain-rank.ts'
import type { Failed, Missed } from './explain-route.ts'

/** Why a route is no match, in a sentence. */
export function missedText(
  { route, failed }: Missed<CompiledRoute>,
  request: RouterRequest,
): string {
  return TEXTS[failed](route, request)
}

/** Why a match lost, in a sentence. */
export function lostText({ rule, winner, loser }: Advantage): string {
  return `the winner has ${rule}: ${winner} against ${loser}`
}

const TEXTS: Readonly<Record<Failed, (route: CompiledRoute, request: RouterRequest) => string>> = {
  method: ({ methods }, { method }) => `wants ${anyOf(methods)}, this is ${method}`,
  host: ({ hosts }, { host }) => `wants ${anyOf(hosts)}, this is ${host === '' ? 'none' : host}`,
  path: ({ paths }, { path }) => `wants ${anyOf(paths)}, this is ${path}`,
  header: ({ headers }) => `wants ${headersText(headers)}`,
  sni: ({ snis }, { sni }) => `wants ${anyOf(snis)}, this is ${sni ?? 'none'}`,
  protocol: ({ protocols }, { scheme }) => `wants ${anyOf(protocols)}, this is ${scheme}`,
  source: ({ sources }, { sourceIp, sourcePort }) =>
    `wants one of ${JSON.stringify(sources)}, this is ${sourceIp ?? '?'}:${sourcePort ?? '?'}`,
  destination: ({ destinations }, { destinationIp, port }) =>
    `wants one of ${JSON.stringify(destinations)}, this is ${destinationIp ?? '?'}:${port}`,
  expression: ({ expression }) => `its expression is false: ${expression}`,
  kind: ({ protocols }) => `is for ${anyOf(protocols)}, which are no HTTP requests`,
  nothing: () => 'asks for nothing, so it is never chosen',
}

function anyOf(list: readonly string[] | null): string {
  return (list ?? []).join(' or ')
}

/** All of them must be met, each by any of its values. */
function headersText(headers: CompiledRoute['headers']): string {
  return Object.entries(headers ?? {})
    .map(([name, values]) => `${name}: ${anyOf(values)}`)
    .join(' and ')
}
