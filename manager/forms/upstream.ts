import { type Draft, type DraftRecord, draftAt, textOf, withDraftAt } from './draft.ts'
import type { Layout } from './layout.ts'

/** What each way of hashing needs to be told: the end of the field's name. */
const TOLD_BY: Readonly<Record<string, string>> = {
  header: 'header',
  cookie: 'cookie',
  query_arg: 'query_arg',
  uri_capture: 'uri_capture',
}

/** What says more of what is hashed; shown where it counts. */
const HASH_FIELDS = [
  'hash_on_header',
  'hash_on_cookie',
  'hash_on_cookie_path',
  'hash_on_query_arg',
  'hash_on_uri_capture',
  'hash_fallback_header',
  'hash_fallback_query_arg',
  'hash_fallback_uri_capture',
]

const COUNTS = ['successes', 'tcp_failures', 'timeouts', 'http_failures', 'interval'] as const

/** What the form switches on; the Admin API's own defaults are zeros, which check nothing. */
const ON: Readonly<Record<'active' | 'passive', Readonly<Record<string, Draft>>>> = {
  active: {
    'healthy.interval': '5',
    'healthy.successes': '5',
    'unhealthy.interval': '5',
    'unhealthy.tcp_failures': '5',
    'unhealthy.timeouts': '5',
    'unhealthy.http_failures': '5',
  },
  passive: {
    'healthy.successes': '80',
    'unhealthy.tcp_failures': '5',
    'unhealthy.timeouts': '5',
    'unhealthy.http_failures': '5',
  },
}

/** The two kinds of health checks. */
export type CheckKind = 'active' | 'passive'

/** The drafts to change when a kind of check is switched; what was set before stays. */
export function switched(draft: DraftRecord, kind: CheckKind, on: boolean): Record<string, Draft> {
  const values = isAllZero(draft, kind) && on ? ON[kind] : {}
  const members = Object.entries(values).map(
    ([path, value]) => [`healthchecks.${kind}.${path}`, value] as const,
  )
  return { ...Object.fromEntries(members), [`@${kind}`]: on }
}

/** The drafts to change when another algorithm is chosen: only one of them hashes. */
export function chosenAlgorithm(algorithm: Draft): Record<string, Draft> {
  const hashes = algorithm === 'consistent-hashing'
  return { algorithm, ...(hashes ? {} : { hash_on: 'none', hash_fallback: 'none' }) }
}

/** The drafts to change when something else is hashed: Kong then takes the algorithm that hashes. */
export function chosenHashing(draft: DraftRecord, hashOn: Draft): Record<string, Draft> {
  if (hashOn === 'none') return { hash_on: hashOn, algorithm: 'round-robin', hash_fallback: 'none' }
  const fallback = textOf(draft.hash_fallback ?? null)
  const clashes = hashOn === 'cookie' || (fallback === hashOn && hashOn in PLAIN)
  return {
    hash_on: hashOn,
    algorithm: 'consistent-hashing',
    ...(clashes ? { hash_fallback: 'none' } : {}),
  }
}

const PLAIN: Readonly<Record<string, true>> = { consumer: true, ip: true, path: true }

/** What can stand in for what is hashed. */
export function fallbacksOf(hashOn: string, all: readonly (string | number)[]) {
  return all.filter((choice) => choice !== hashOn || !(hashOn in PLAIN))
}

/** Whether there can be a fallback at all. */
export function hasFallback(hashOn: string): boolean {
  return hashOn !== 'none' && hashOn !== 'cookie'
}

/** The fields that say more of what is hashed, as far as they count. */
export function hashFieldsOf(
  draft: DraftRecord,
  which: 'hash_on' | 'hash_fallback',
): readonly string[] {
  const told = TOLD_BY[textOf(draft[which] ?? null)]
  if (told === undefined) return []
  return told === 'cookie' ? ['hash_on_cookie', 'hash_on_cookie_path'] : [`${which}_${told}`]
}

/** The upstream's form. */
export const upstreamLayout: Layout = {
  groups: [
    { title: 'General', fields: ['name', 'host_header', 'client_certificate', 'tags'] },
    {
      title: 'Load balancing',
      own: true,
      fields: ['algorithm', 'slots', 'hash_on', 'hash_fallback', ...HASH_FIELDS],
    },
    { title: 'Health checks', own: true, fields: ['healthchecks'] },
  ],
  ways: {
    name: {
      hint: 'A virtual host name: services that have it as their host are balanced',
      offers: { path: 'services', member: 'host' },
    },
    host_header: { hint: "Sent to targets in place of the client's Host" },
    algorithm: { hint: 'How a target is chosen for each request' },
    slots: { hint: '10 to 65536; the points of the hash ring' },
    hash_on: { hint: 'What requests are told apart by, so that the same go to the same target' },
    hash_fallback: { hint: 'What is hashed for requests that have none of it' },
    use_srv_name: { label: 'Use SRV name', hint: 'Send the name of the SRV record as Host' },
    'healthchecks.threshold': {
      hint: 'Percent of the weight that must be available, 0 to 100; below it the upstream is unhealthy',
    },
    'healthchecks.active.timeout': { hint: 'Seconds' },
    'healthchecks.active.http_path': { label: 'HTTP path' },
    'healthchecks.active.https_sni': { label: 'HTTPS SNI' },
    'healthchecks.active.https_verify_certificate': { label: 'Verify HTTPS certificate' },
    'healthchecks.active.headers': { label: 'Probe headers' },
    'healthchecks.active.healthy.interval': { hint: 'Seconds between probes; 0 for never' },
    'healthchecks.active.unhealthy.interval': { hint: 'Seconds between probes; 0 for never' },
  },
  start: (draft) => ({
    ...draft,
    '@active': !isOff(draft, 'active'),
    '@passive': !isAllZero(draft, 'passive'),
  }),
  settle,
  check: (draft) => {
    const found = new Map<string, string>()
    if (draft.algorithm === 'consistent-hashing' && draft.hash_on === 'none') {
      found.set('hash_on', 'Say what is hashed')
    }
    for (const path of neededHashFields(draft)) {
      if (textOf(draft[path] ?? null).trim() === '') found.set(path, 'Fill this in')
    }
    return found
  },
}

function neededHashFields(draft: DraftRecord): readonly string[] {
  return [...hashFieldsOf(draft, 'hash_on'), ...hashFieldsOf(draft, 'hash_fallback')].filter(
    (path) => path !== 'hash_on_cookie_path',
  )
}

/** What no longer counts is not sent: zeros for checks that are off, nothing for what is not hashed. */
function settle(draft: DraftRecord): DraftRecord {
  const off = (['active', 'passive'] as const).filter((kind) => draft[`@${kind}`] !== true)
  const zeroed = off.reduce((of, kind) => withZeros(of, kind), draft)
  const counting = new Set([
    ...hashFieldsOf(draft, 'hash_on'),
    ...hashFieldsOf(draft, 'hash_fallback'),
  ])
  const hashing = Object.keys(draft).filter(
    (name) =>
      /^hash_(on|fallback)_/.test(name) && !counting.has(name) && name !== 'hash_on_cookie_path',
  )
  return { ...zeroed, ...Object.fromEntries(hashing.map((name) => [name, ''])) }
}

function withZeros(draft: DraftRecord, kind: CheckKind): DraftRecord {
  return countsOf(draft, kind).reduce((of, path) => withDraftAt(of, path, '0'), draft)
}

function isAllZero(draft: DraftRecord, kind: CheckKind): boolean {
  return countsOf(draft, kind).every((path) => Number(textOf(draftAt(draft, path))) === 0)
}

/** Kong: without an interval nothing is probed. */
function isOff(draft: DraftRecord, kind: CheckKind): boolean {
  return countsOf(draft, kind)
    .filter((path) => path.endsWith('interval'))
    .every((path) => Number(textOf(draftAt(draft, path))) === 0)
}

function countsOf(draft: DraftRecord, kind: CheckKind): readonly string[] {
  return ['healthy', 'unhealthy'].flatMap((side) =>
    COUNTS.map((count) => `healthchecks.${kind}.${side}.${count}`).filter(
      (path) => draftAt(draft, path) !== null,
    ),
  )
}
