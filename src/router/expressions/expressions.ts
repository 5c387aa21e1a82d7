import { parseExpression } from '../../lib/expression/parser.ts'
import { type Expression, ExpressionError } from '../../lib/expression/syntax.ts'
import type { MatchCalculation } from '../../lib/match-calculation.ts'
import { COMPARE_TIES, placeParts, probeWithPort } from '../compatible.ts'
import { type Conditions, conditionsOf, type Reading } from '../conditions.ts'
import type { Entry, ExpressionTest, Probe } from '../entry.ts'
import type { Host } from '../host-index.ts'
import { buildIndexedRouter, type Flavor, type Placement } from '../indexed-router.ts'
import type { BuildRouter, RouteRule } from '../router.ts'
import { compileExpression } from './compile.ts'
import { keysOf } from './keys.ts'
import { readRequestField } from './request-fields.ts'
import { splitOff } from './split.ts'
import type { Test } from './subject.ts'

const READING: Reading = { regexes: 'rust', wildcardSnis: true, connection: true }

/** Kong: a route with an expression comes before any with classic fields, but for `ALL_ONES`. */
const EXPRESSION_RANK = 2 ** 20

/**
 * Kong's `expressions` flavour: routes by their `priority`; those with classic fields come after, in
 * the order of `traditional_compatible`.
 */
const expressions = (calculation: MatchCalculation): Flavor => ({
  probe: probeWithPort,
  place(route, shared) {
    const { expression } = route
    if (expression === undefined || expression === null) {
      return placeParts(route, { conditions: conditionsOf(route, READING, shared), calculation })
    }
    const bare = { ...route, ...NO_FIELDS }
    return placeExpression(route, expression, conditionsOf(bare, READING, shared))
  },
  compareTies: COMPARE_TIES[calculation],
})

const NO_FIELDS = {
  methods: null,
  headers: null,
  snis: null,
  sources: null,
  destinations: null,
}

/** Builds a router of that flavour. */
export const buildExpressionsRouter: BuildRouter = (routes, calculation = 'strict') =>
  buildIndexedRouter(expressions(calculation), routes)

function placeExpression<R extends RouteRule>(
  route: R,
  text: string,
  conditions: Conditions | undefined,
): Placement<R>[] {
  const expression = parseOrNothing(text)
  if (expression === undefined) return []
  return byHost(expression).flatMap(({ host, prefixes }) => {
    const { prefix, rest } = splitOff(expression, host)
    const test = rest === undefined ? undefined : compileOrNothing(rest)
    if (rest !== undefined && test === undefined) return []
    return [{ host, entry: entryOf(route, conditions, { prefixes, prefix, test }) }]
  })
}

function entryOf<R extends RouteRule>(
  route: R,
  conditions: Conditions | undefined,
  expression: ExpressionTest,
): Entry<R> {
  return {
    route,
    prefix: undefined,
    captures: undefined,
    rank: EXPRESSION_RANK + (route.priority ?? 0),
    port: 0,
    conditions,
    regexes: undefined,
    expression,
    number: 0,
    id: undefined,
  }
}

/** The keys' hosts, each once, with what paths may start with there. */
function byHost(expression: Expression): { host: Host; prefixes: readonly string[] }[] {
  const hosts = new Map<string, { host: Host; prefixes: Set<string> }>()
  for (const { host, prefix } of keysOf(expression)) {
    const name = `${host.kind} ${host.name}`
    const known = hosts.get(name) ?? { host, prefixes: new Set<string>() }
    known.prefixes.add(prefix)
    hosts.set(name, known)
  }
  return [...hosts.values()].map(({ host, prefixes }) => ({ host, prefixes: [...prefixes] }))
}

function parseOrNothing(text: string): Expression | undefined {
  return orNothing(() => parseExpression(text))
}

function compileOrNothing(expression: Expression): Test<Probe> | undefined {
  return orNothing(() => compileExpression(expression, { read: readRequestField, stream: false }))
}

// A broken one, which the Admin API would have refused, matches nothing.
function orNothing<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}
