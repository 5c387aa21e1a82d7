import { isRecord, type Row } from '../api.ts'
import { linkTo } from '../location.ts'
import { endOf } from './certificate-end.ts'
import type { Measured } from './metrics.ts'

/** Something somebody should look at. */
export interface Warning {
  readonly text: string
  readonly href?: string
}

const DAY = 86_400_000
const SOON = 30 * DAY

/** What is not as it should be, from all that is known. */
export function warningsOf(known: {
  readonly node: unknown
  readonly metrics: readonly Measured[]
  readonly certificates: readonly Row[]
  readonly now: number
}): readonly Warning[] {
  const { node, metrics, certificates, now } = known
  return [
    ...openWarning(node),
    ...listOf(node, 'warnings').map((text) => ({ text: String(text), href: linkTo(['plugins']) })),
    ...targetWarnings(metrics),
    ...certificates.flatMap((row) => certificateWarning(row, now)),
  ]
}

/** Whoever reaches the Admin API may do all of this, where there is no token. */
function openWarning(node: unknown): readonly Warning[] {
  const settings = isRecord(node) && isRecord(node.configuration) ? node.configuration : undefined
  if (settings === undefined || isSet(settings.admin_token)) return []
  const isLocal = listOf(settings, 'admin_listeners').every(
    (one) => isRecord(one) && /^(127\.|::1$|\[::1\]$|localhost$|unix:)/.test(String(one.ip)),
  )
  const who = isLocal ? 'whoever is on its machine' : 'whoever can reach it'
  return [{ text: `The Admin API has no token: ${who} may change everything (set admin_token)` }]
}

function isSet(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function targetWarnings(metrics: readonly Measured[]): readonly Warning[] {
  const bad = new Map<string, Set<string>>()
  for (const { name, labels, value } of metrics) {
    const { upstream = '', target = '', state = '' } = labels
    if (name !== 'kong_upstream_target_health' || value !== 1 || !BAD_STATES.has(state)) continue
    bad.set(upstream, (bad.get(upstream) ?? new Set()).add(target))
  }
  return [...bad].map(([upstream, targets]) => ({
    text: `Upstream ${upstream}: ${[...targets].join(', ')} ${targets.size === 1 ? 'is' : 'are'} unhealthy`,
    href: linkTo(['upstreams', upstream, 'targets']),
  }))
}

const BAD_STATES: ReadonlySet<string> = new Set(['unhealthy', 'dns_error'])

function certificateWarning(row: Row, now: number): readonly Warning[] {
  const ends = [row.cert, row.cert_alt]
    .filter((pem) => typeof pem === 'string')
    .map(endOf)
    .filter((end) => end !== undefined)
  const end = Math.min(...ends)
  if (end - now > SOON) return []
  const names = Array.isArray(row.snis) && row.snis.length > 0 ? row.snis.join(', ') : row.id
  const days = Math.floor((end - now) / DAY)
  const when = end < now ? 'has expired' : days < 1 ? 'expires today' : `expires in ${days} days`
  return [{ text: `Certificate ${names} ${when}`, href: linkTo(['certificates', row.id]) }]
}

function listOf(holder: unknown, name: string): readonly unknown[] {
  const list = isRecord(holder) ? holder[name] : undefined
  return Array.isArray(list) ? list : []
}
