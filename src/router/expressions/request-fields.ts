import type { Field } from '../../lib/expression/fields.ts'
import { withoutTrailingDot } from '../conditions.ts'
import type { Probe } from '../entry.ts'
import { queriesOf } from './queries.ts'
import type { ReadField, Values } from './subject.ts'

/** Reads fields of requests. */
export const readRequestField: ReadField<Probe> = (field) => {
  switch (field.name) {
    case 'segments':
      return (probe) => segmentsFrom(probe, field)
    case 'header':
      return (probe) => headerValues(probe, field.key)
    case 'query':
      return (probe) => queryValues(probe, field.key)
    default:
      return SINGLES[field.name]
  }
}

type Single = Exclude<Field['name'], 'segments' | 'header' | 'query'>

const SINGLES: Readonly<Record<Single, (probe: Probe) => Values>> = {
  method: ({ request }) => request.method,
  host: ({ host }) => host,
  path: ({ path }) => path,
  sni: ({ request }) => (request.sni === undefined ? undefined : withoutTrailingDot(request.sni)),
  protocol: ({ request }) => request.scheme,
  segmentCount: (probe) => segmentsOf(probe).length,
  sourceIp: ({ request }) => request.sourceIp,
  sourcePort: ({ request }) => request.sourcePort,
  destinationIp: ({ request }) => request.destinationIp,
  destinationPort: ({ port }) => port,
}

function segmentsFrom(probe: Probe, { from, to }: { from: number; to: number }): Values {
  const segments = segmentsOf(probe)
  if (to >= segments.length) return undefined
  return from === to ? segments[from] : segments.slice(from, to + 1).join('/')
}

/** The parts between the slashes; a slash at the end begins none. */
function segmentsOf(probe: Probe): readonly string[] {
  if (probe.segments !== undefined) return probe.segments
  const path = probe.path.endsWith('/') ? probe.path.slice(1, -1) : probe.path.slice(1)
  probe.segments = path === '' ? [] : path.split('/')
  return probe.segments
}

/** Kong: a name with `_` in the request comes before the one with `-` in the same places. */
function headerValues({ request: { headers } }: Probe, name: string): Values {
  const dashed = name.replaceAll('_', '-')
  let values: string[] | undefined
  let others: string[] | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const given = headers[i] ?? ''
    if (given.length !== name.length) continue
    const lower = given.toLowerCase()
    if (lower === name) {
      values ??= []
      values.push(headers[i + 1] ?? '')
    } else if (lower === dashed) {
      others ??= []
      others.push(headers[i + 1] ?? '')
    }
  }
  return values ?? others
}

function queryValues(probe: Probe, name: string): Values {
  const { query = '', maxQueryArgs } = probe.request
  probe.queries ??= queriesOf(query, maxQueryArgs)
  return probe.queries.get(name)
}
