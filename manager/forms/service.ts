import { type DraftRecord, isListDraft, textOf } from './draft.ts'
import type { Layout } from './layout.ts'

const TLS_ONLY = [
  'client_certificate',
  'tls_verify',
  'tls_verify_depth',
  'ca_certificates',
] as const

/** Protocols that have no paths. */
const PATHLESS = new Set(['tcp', 'tls', 'udp', 'grpc', 'grpcs', 'tls_passthrough'])

/** Whether a protocol's requests have a path to go below. */
export function hasPath(draft: DraftRecord): boolean {
  return !PATHLESS.has(textOf(draft.protocol ?? null))
}

/** Whether we speak TLS to what is behind the service. */
export function isTls(draft: DraftRecord): boolean {
  return ['https', 'tls'].includes(textOf(draft.protocol ?? null))
}

/** The parts of a URL as drafts; undefined when it is none. */
export function partsOfUrl(url: string): DraftRecord | undefined {
  const [, protocol = '', host = '', port = '', path = ''] =
    /^([a-z_]+):\/\/([^/:?#\s]+|\[[\da-f:.]+\])(?::(\d+))?(\/[^?#\s]*)?$/i.exec(url.trim()) ?? []
  if (host === '') return undefined
  const scheme = protocol.toLowerCase()
  const standard = ['https', 'grpcs', 'tls'].includes(scheme) ? '443' : '80'
  return { protocol: scheme, host, port: port === '' ? standard : port, path }
}

/** The URL the parts make; empty while there is no host. */
export function urlOfParts(draft: DraftRecord): string {
  const [protocol, host, port, path] = ['protocol', 'host', 'port', 'path'].map((name) =>
    textOf(draft[name] ?? null),
  )
  return host === '' ? '' : `${protocol}://${host}:${port}${path}`
}

/** The service's form. */
export const serviceLayout: Layout = {
  groups: [
    { title: 'General', fields: ['name', 'tags'] },
    { title: 'Service endpoint', fields: ['protocol', 'host', 'port', 'path'] },
    {
      title: 'Advanced',
      folded: true,
      fields: [
        'retries',
        'connect_timeout',
        'write_timeout',
        'read_timeout',
        'enabled',
        ...TLS_ONLY,
      ],
    },
  ],
  ways: {
    host: {
      hint: "An address, or an upstream's name to balance",
      offers: { path: 'upstreams', member: 'name' },
    },
    path: { hint: 'Put before the path of each request; starts with /' },
    connect_timeout: { hint: 'Milliseconds' },
    write_timeout: { hint: 'Milliseconds' },
    read_timeout: { hint: 'Milliseconds' },
    tls_verify: { label: 'TLS verify' },
    tls_verify_depth: { label: 'TLS verify depth' },
    ca_certificates: { label: 'CA certificates', placeholder: 'IDs of CA certificates' },
  },
  start: (draft, isNew) => ({
    ...draft,
    '@endpoint': isNew ? 'url' : 'parts',
    '@url': urlOfParts(draft),
  }),
  settle,
  check: (draft) => {
    const wrong =
      draft['@endpoint'] === 'url' && partsOfUrl(textOf(draft['@url'] ?? null)) === undefined
    // Where there is one URL to fill in, its host is not asked for as well.
    const said = { '@url': 'Give a URL such as http://example.com:80/path', host: '' }
    return new Map(wrong ? Object.entries(said) : [])
  },
}

/** A URL becomes its parts, and what the protocol does not have is not sent. */
function settle(draft: DraftRecord): DraftRecord {
  const parts =
    draft['@endpoint'] === 'url' ? (partsOfUrl(textOf(draft['@url'] ?? null)) ?? { host: '' }) : {}
  const whole = { ...draft, ...parts }
  const cleared = isTls(whole) ? [] : TLS_ONLY.filter((name) => name in draft)
  return {
    ...whole,
    ...(hasPath(whole) ? {} : { path: '' }),
    ...Object.fromEntries(cleared.map((name) => [name, blankOf(draft, name)])),
  }
}

function blankOf(draft: DraftRecord, name: string) {
  const before = draft[name] ?? null
  if (isListDraft(before)) return []
  return typeof before === 'string' ? '' : null
}
