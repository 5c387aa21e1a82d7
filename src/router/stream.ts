import { parseExpression } from '../lib/expression/parser.ts'
import { ExpressionError } from '../lib/expression/syntax.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { given, isNameMatch, withoutTrailingDot } from './conditions.ts'
import { endpointTest } from './endpoints.ts'
import { compileExpression } from './expressions/compile.ts'
import type { ReadField } from './expressions/subject.ts'
import type { RouteRule } from './router.ts'
import { streamPriority, traditionalStreamRank } from './stream-rank.ts'

/** What of a connection a stream route can ask for. */
export interface Connection {
  /** `tls` whenever the client began with a TLS hello, whoever is to end it. */
  readonly protocol: 'tcp' | 'tls' | 'udp'
  readonly sourceIp: string
  readonly sourcePort: number
  readonly destinationIp: string
  readonly destinationPort: number
  /** The TLS server name the client asked for. */
  readonly sni?: string
}

/** Finds the route of a connection. */
export type StreamRouter<R> = (connection: Connection) => R | undefined

const STREAM = new Set(['tcp', 'tls', 'udp', 'tls_passthrough'])

/** Kong: a route with an expression comes before any with classic fields. */
const EXPRESSION_RANK = 2 ** 20

/** Whether a route is one of connections, not of requests. */
export function isStream({ protocols }: RouteRule): boolean {
  return protocols.some((name) => STREAM.has(name))
}

interface Candidate<R> {
  readonly route: R
  readonly rank: number
  readonly test: (connection: Connection) => boolean
}

/** Compiles the stream routes among `routes`; the first that fits by the flavour's order wins. */
export function matchStream<R extends RouteRule>(
  routes: readonly R[],
  flavor: RouterFlavor = 'traditional_compatible',
): StreamRouter<R> {
  const candidates = routes
    .filter(isStream)
    .flatMap((route) => candidateOf(route, flavor))
    .sort((a, b) => b.rank - a.rank || compareTies(a.route, b.route, flavor))
  return (connection) => candidates.find(({ test }) => test(connection))?.route
}

function candidateOf<R extends RouteRule>(route: R, flavor: RouterFlavor): Candidate<R>[] {
  if (flavor !== 'expressions') {
    const rank = flavor === 'traditional' ? traditionalStreamRank(route) : streamPriority(route)
    return rank === 0 ? [] : [{ route, rank, test: fieldsTest(route, flavor) }]
  }
  const { expression } = route
  const isProtocol = protocolTest(route.protocols)
  if (expression === undefined || expression === null) {
    const rank = streamPriority(route)
    const test = fieldsTest(route, flavor)
    return rank === 0 ? [] : [{ route, rank, test: (one) => isProtocol(one) && test(one) }]
  }
  const test = expressionTest(expression)
  const rank = EXPRESSION_RANK + (route.priority ?? 0)
  return [{ route, rank, test: (one) => isProtocol(one) && test(one) }]
}

/** In `traditional` the older wins, in the others the larger id. */
function compareTies(a: RouteRule, b: RouteRule, flavor: RouterFlavor): number {
  const isLarger = a.id.toLowerCase() > b.id.toLowerCase()
  if (flavor !== 'traditional') return isLarger ? -1 : 1
  return (a.created_at ?? 0) - (b.created_at ?? 0) || (isLarger ? 1 : -1)
}

/** Protocols play no part in what classic fields match, but that an SNI is asked of TLS alone. */
function fieldsTest(route: RouteRule, flavor: RouterFlavor): Candidate<unknown>['test'] {
  const snis = given(route.snis)?.map(withoutTrailingDot)
  const sources = given(route.sources ?? null)
  const destinations = given(route.destinations ?? null)
  const isSource = sources && endpointTest(sources)
  const isDestination = destinations && endpointTest(destinations)
  const isName = flavor === 'traditional' ? isSameName : isNameMatch
  return (connection) => {
    const { protocol, sourceIp, sourcePort, destinationIp, destinationPort } = connection
    if (isSource?.(sourceIp, sourcePort) === false) return false
    if (isDestination?.(destinationIp, destinationPort) === false) return false
    if (snis === undefined || protocol !== 'tls') return true
    const name = withoutTrailingDot(connection.sni ?? '')
    return snis.some((sni) => isName(sni, name))
  }
}

function isSameName(sni: string, name: string): boolean {
  return sni === name
}

// Kong: `tls` alone takes tcp too; a passed-through connection is one of tcp.
function protocolTest(protocols: readonly string[]): Candidate<unknown>['test'] {
  const [only] = protocols
  if (protocols.length === 1 && (only === 'tls' || only === 'tls_passthrough')) return () => true
  return ({ protocol }) => protocols.includes(protocol)
}

function expressionTest(text: string): Candidate<unknown>['test'] {
  try {
    const test = compileExpression(parseExpression(text), { read: readField, stream: true })
    return (connection) => test(connection)
  } catch (error) {
    // A broken one, which the Admin API would have refused, matches nothing.
    if (error instanceof ExpressionError) return () => false
    throw error
  }
}

const readField: ReadField<Connection> = ({ name }) => {
  switch (name) {
    case 'protocol':
    case 'sourceIp':
    case 'sourcePort':
    case 'destinationIp':
    case 'destinationPort':
      return (connection) => connection[name]
    case 'sni':
      return ({ sni }) => (sni === undefined ? undefined : withoutTrailingDot(sni))
    default:
      return () => undefined
  }
}
