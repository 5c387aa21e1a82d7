import type { ExplainedRoute, Explanation, Named } from '../../src/proxy/explain.ts'

const MARKS = { won: '*', lost: '-', 'no match': ' ' } as const
const WIDTH = 9

/** An explanation for a person to read, one step of a request's way after another. */
export function explainText(explanation: Explanation): string {
  const { request } = explanation
  const lines = [
    `${request.method} ${request.path}${request.query} on ${request.scheme}://${request.host}`,
    '',
    ...routeLines(explanation),
    ...refusalLines(explanation),
    ...pluginLines(explanation),
    ...upstreamLines(explanation),
    ...targetLines(explanation),
  ]
  return `${lines.join('\n')}\n`
}

function routeLines({ route, candidates, candidates_left_out: more }: Explanation): string[] {
  const path = route?.matched_path ?? null
  const won = route === null ? 'none' : nameOf(route)
  return [
    labelled('route', path === null ? won : `${won}, which matched ${path}`),
    ...candidates.map(candidateLine),
    ...(more === 0 ? [] : [`    … and ${more} more that do not match`]),
  ]
}

function candidateLine({ route, result, failed, reason }: ExplainedRoute): string {
  const what = failed === undefined ? result : failed
  return `  ${MARKS[result]} ${nameOf(route)}: ${what}: ${reason}`
}

function refusalLines({ refused }: Explanation): string[] {
  if (refused === null) return []
  const { status, message } = refused
  return [labelled('answer', message === null ? `${status}` : `${status} ${message}`)]
}

function pluginLines({ plugins }: Explanation): string[] {
  if (plugins.length === 0) return []
  return [
    labelled('plugins', `${plugins.filter(({ runs }) => runs).length}, in this order`),
    ...plugins.map(({ name, priority, scope, runs, enforced, reason }) => {
      const idle = enforced ? '' : ', not at work yet'
      return `  ${runs ? '*' : ' '} ${name} (${priority}, ${scope}${idle})${reason === undefined ? '' : `: ${reason}`}`
    }),
  ]
}

function upstreamLines({ service, upstream_request: sent }: Explanation): string[] {
  if (service === null) return []
  const asked =
    sent === null
      ? []
      : [labelled('sends', `${sent.method} ${sent.path}, Host ${sent.host ?? '?'}`)]
  return [labelled('service', nameOf(service)), ...asked]
}

function targetLines({ target }: Explanation): string[] {
  if (target === null) return []
  const { upstream, algorithm, hash, chosen, reason, targets } = target
  const via = upstream === null ? '' : ` of upstream ${nameOf(upstream)} (${algorithm})`
  const key = hash === null ? [] : [`    hashed on ${hash.on}: ${hash.key ?? 'a new cookie'}`]
  return [
    labelled('target', `${chosen ?? 'none'}${via}: ${reason}`),
    ...key,
    ...targets.map(({ address, weight, in_flight: inFlight, state, reason: why }) => {
      const mark = state === 'chosen' ? '*' : state === 'available' ? '-' : ' '
      const detail = `weight ${weight}, ${inFlight} in flight`
      return `  ${mark} ${address}: ${state}, ${detail}${why === undefined ? '' : `: ${why}`}`
    }),
  ]
}

function labelled(label: string, text: string): string {
  return `${label.padEnd(WIDTH)}${text}`
}

function nameOf({ id, name }: Named): string {
  return name ?? id
}
