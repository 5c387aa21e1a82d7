/** A kind of entity as decK syncs it, in its order of writing. */
export interface DeckKind {
  readonly table: string
  readonly list: string
  readonly level: number
  /** Reference fields, and the tables they are into. */
  readonly refs: Readonly<Record<string, string>>
  /** What finds it in the current state when the file has no id; references count by id. */
  readonly lookup: readonly string[]
  /** Where it stands in a file beside the top: in which table, by which reference. */
  readonly inside?: readonly (readonly [parent: string, ref: string])[]
  /** The path of one, below its consumer or upstream. */
  readonly below?: { readonly ref: string; readonly path: string; readonly segment: string }
  /** Whether its list takes 404 for empty. */
  readonly soft?: boolean
}

const ofConsumer = (table: string, list: string, segment: string, key: string): DeckKind => ({
  table,
  list,
  level: 2,
  refs: { consumer: 'consumers' },
  lookup: [key, 'consumer'],
  inside: [['consumers', 'consumer']],
  below: { ref: 'consumer', path: '/consumers', segment },
  soft: true,
})

export const DECK_KINDS: readonly DeckKind[] = [
  { table: 'certificates', list: '/certificates', level: 1, refs: {}, lookup: ['cert'] },
  {
    table: 'ca_certificates',
    list: '/ca_certificates',
    level: 1,
    refs: {},
    lookup: ['cert'],
    soft: true,
  },
  { table: 'consumers', list: '/consumers', level: 1, refs: {}, lookup: ['username'] },
  { table: 'vaults', list: '/vaults', level: 1, refs: {}, lookup: ['prefix'], soft: true },
  { table: 'key_sets', list: '/key-sets', level: 1, refs: {}, lookup: ['name'], soft: true },
  {
    table: 'snis',
    list: '/snis',
    level: 2,
    refs: { certificate: 'certificates' },
    lookup: ['name'],
    inside: [['certificates', 'certificate']],
  },
  {
    table: 'services',
    list: '/services',
    level: 2,
    refs: { client_certificate: 'certificates' },
    lookup: ['name'],
  },
  {
    table: 'upstreams',
    list: '/upstreams',
    level: 2,
    refs: { client_certificate: 'certificates' },
    lookup: ['name'],
  },
  {
    table: 'keys',
    list: '/keys',
    level: 2,
    refs: { set: 'key_sets' },
    lookup: ['name'],
    soft: true,
  },
  ofConsumer('keyauth_credentials', '/key-auths', 'key-auth', 'key'),
  ofConsumer('basicauth_credentials', '/basic-auths', 'basic-auth', 'username'),
  ofConsumer('hmacauth_credentials', '/hmac-auths', 'hmac-auth', 'username'),
  ofConsumer('jwt_secrets', '/jwts', 'jwt', 'key'),
  ofConsumer('acls', '/acls', 'acls', 'group'),
  ofConsumer('oauth2_credentials', '/oauth2', 'oauth2', 'client_id'),
  {
    table: 'routes',
    list: '/routes',
    level: 3,
    refs: { service: 'services' },
    lookup: ['name'],
    inside: [['services', 'service']],
  },
  {
    table: 'targets',
    list: '',
    level: 3,
    refs: { upstream: 'upstreams' },
    lookup: ['target', 'upstream'],
    inside: [['upstreams', 'upstream']],
    below: { ref: 'upstream', path: '/upstreams', segment: 'targets' },
  },
  {
    table: 'plugins',
    list: '/plugins',
    level: 4,
    refs: { service: 'services', route: 'routes', consumer: 'consumers' },
    lookup: ['name', 'service', 'route', 'consumer'],
    inside: [
      ['services', 'service'],
      ['routes', 'route'],
      ['consumers', 'consumer'],
    ],
  },
]

/** Lists that only Enterprise has; 404 is the right answer, and 400 for the last. */
export const PROBES = [
  '/mtls-auths',
  '/consumer_groups',
  '/partials',
  '/degraphql_routes',
  '/graphql-rate-limiting-advanced/costs',
  '/filter-chains',
] as const

/** The kind of that table. */
export function kindNamed(table: string): DeckKind {
  const kind = DECK_KINDS.find((one) => one.table === table)
  if (kind === undefined) throw new Error(`no kind ${table}`)
  return kind
}
