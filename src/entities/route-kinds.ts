import type { Subschema } from '../schema/entity.ts'
import type { EntityCheck, Field, Fields, Rules } from '../schema/field.ts'

/** What the protocols of a route change in its schema, by any one of them. */
export const routeKinds: ReadonlyMap<string, Subschema> = new Map(
  ['http', 'https', 'grpc', 'grpcs', 'tcp', 'tls', 'udp', 'tls_passthrough'].map((protocol) => [
    protocol,
    kindOf(protocol),
  ]),
)

/** The same in the flavour `expressions`: any route may have an expression, and ends to ask for. */
export const expressionRouteKinds: ReadonlyMap<string, Subschema> = new Map(
  Array.from(routeKinds, ([protocol, kind]) => [protocol, withExpression(kind)]),
)

/**
 * The same in the flavour `traditional`, as objects of their own: what a kind makes of an entity's
 * fields is remembered by the kind.
 */
export const traditionalRouteKinds: ReadonlyMap<string, Subschema> = new Map(
  Array.from(routeKinds, ([protocol, kind]) => [protocol, { ...kind }]),
)

function withExpression({ fields = {}, entityChecks = [] }: Subschema): Subschema {
  const { sources: _sources, destinations: _destinations, ...others } = fields
  return { fields: others, entityChecks: entityChecks.map(orExpression) }
}

function orExpression(check: EntityCheck): EntityCheck {
  if (!('conditional_at_least_one_of' in check)) return check
  const rule = check.conditional_at_least_one_of
  const then_at_least_one_of = [...rule.then_at_least_one_of, 'expression']
  return { conditional_at_least_one_of: { ...rule, then_at_least_one_of } }
}

function kindOf(protocol: string): Subschema {
  if (protocol.startsWith('http')) {
    return {
      fields: forbidden(['sources', 'destinations'], "'http' or 'https'"),
      entityChecks: [
        mustSet(['methods', 'hosts', 'headers', 'paths', 'snis'], 'https', { contains: 'https' }),
        mustSet(['methods', 'hosts', 'headers', 'paths'], 'http', only('http')),
      ],
    }
  }
  if (protocol.startsWith('grpc')) return grpc()

  const others = "'tcp', 'tls', 'tls_passthrough' or 'udp'"
  const fields = forbidden(['methods', 'hosts', 'paths', 'headers'], others)
  if (protocol === 'tls_passthrough') {
    const then_err = "must set snis when 'protocols' is 'tls_passthrough'"
    return { fields, entityChecks: [mustSet(['snis'], protocol, only(protocol), then_err)] }
  }

  const matchers = ['sources', 'destinations', 'snis']
  const then_err = "must set one of %s when 'protocols' is 'tcp', 'tls' or 'udp'"
  return { fields, entityChecks: [mustSet(matchers, '', only('tcp', 'tls', 'udp'), then_err)] }
}

function grpc(): Subschema {
  const protocols = "'grpc' or 'grpcs'"
  const strip_path: Field = {
    type: 'boolean',
    required: true,
    default: false,
    ne: true,
    err: `cannot set 'strip_path' when 'protocols' is ${protocols}`,
  }
  return {
    fields: { ...forbidden(['methods', 'sources', 'destinations'], protocols), strip_path },
    entityChecks: [
      mustSet(['hosts', 'headers', 'paths', 'snis'], 'grpcs', { contains: 'grpcs' }),
      mustSet(['hosts', 'headers', 'paths'], 'grpc', only('grpc')),
    ],
  }
}

function only(...protocols: string[]): Rules {
  return { elements: { type: 'string', one_of: protocols } }
}

function mustSet(
  then_at_least_one_of: readonly string[],
  protocol: string,
  if_match: Rules,
  then_err = `must set one of %s when 'protocols' is '${protocol}'`,
): EntityCheck {
  return {
    conditional_at_least_one_of: {
      if_field: 'protocols',
      if_match,
      then_at_least_one_of,
      then_err,
    },
  }
}

function forbidden(names: readonly string[], protocols: string): Fields {
  return Object.fromEntries(
    names.map((name): [string, Field] => {
      const err = `cannot set '${name}' when 'protocols' is ${protocols}`
      return [name, { type: name === 'headers' ? 'map' : 'array', eq: null, err }]
    }),
  )
}
