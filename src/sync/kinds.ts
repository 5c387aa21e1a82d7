/** One kind of entity as files, lists and writes know it. */
export interface Kind {
  /** Its name in files, in `/schemas` and in a batch. */
  readonly table: string
  /** What it is called in a line of output. */
  readonly word: string
  /** The collection it is listed at; targets are listed at their upstreams. */
  readonly path: string
  /** When it is written: what it refers to has a lower level, or stands before it in `KINDS`. */
  readonly level: number
  /** The tables its reference fields point to. */
  readonly references: Readonly<Record<string, string>>
  /** Field sets that tell which existing entity is meant; one that lacks a field is not asked. */
  readonly keys: readonly (readonly string[])[]
  /** Further field sets no two may share, wherever they are. */
  readonly unique?: readonly (readonly string[])[]
  /** Written under what this field refers to, at this path segment. */
  readonly under?: { readonly field: string; readonly segment: string }
  /** The tables a file may nest in it, and the field that thereby refers to it. */
  readonly nests?: Readonly<Record<string, string>>
  /** Whether a file may have it at its top. */
  readonly top?: boolean
  /** Whether kinds within it have schemas of their own, by this field. */
  readonly subschema?: { readonly field: string; readonly path: string }
  /** What a sync never compares. */
  readonly ignored?: readonly string[]
  /** Arrays whose order means nothing. */
  readonly unordered?: readonly string[]
  /** A gateway may lack the list. */
  readonly optional?: boolean
}

const OF_CONSUMER = { consumer: 'consumers' }

const credential = (
  table: string,
  { word, path, segment = word, key, global = true, ignored = [] }: CredentialKind,
): Kind => ({
  table,
  word,
  path,
  level: 2,
  references: OF_CONSUMER,
  keys: [['consumer', key]],
  ...(global && { unique: [[key]] }),
  under: { field: 'consumer', segment },
  ignored,
  optional: true,
})

interface CredentialKind {
  readonly word: string
  readonly path: string
  readonly segment?: string
  readonly key: string
  /** Whether the key is unique over all consumers. */
  readonly global?: boolean
  readonly ignored?: readonly string[]
}

/** Every kind there is, in an order in which they can be written. */
export const KINDS: readonly Kind[] = [
  {
    table: 'certificates',
    word: 'certificate',
    path: '/certificates',
    level: 1,
    references: {},
    keys: [['cert', 'key']],
    nests: { snis: 'certificate' },
    top: true,
    ignored: ['snis'],
  },
  {
    table: 'ca_certificates',
    word: 'ca-certificate',
    path: '/ca_certificates',
    level: 1,
    references: {},
    keys: [['cert']],
    top: true,
    ignored: ['cert_digest'],
    optional: true,
  },
  {
    table: 'consumers',
    word: 'consumer',
    path: '/consumers',
    level: 1,
    references: {},
    keys: [['username'], ['custom_id']],
    nests: {
      keyauth_credentials: 'consumer',
      basicauth_credentials: 'consumer',
      hmacauth_credentials: 'consumer',
      jwt_secrets: 'consumer',
      acls: 'consumer',
      oauth2_credentials: 'consumer',
      plugins: 'consumer',
    },
    top: true,
  },
  {
    table: 'vaults',
    word: 'vault',
    path: '/vaults',
    level: 1,
    references: {},
    keys: [['prefix']],
    top: true,
    subschema: { field: 'name', path: '/schemas/vaults/' },
    optional: true,
  },
  {
    table: 'key_sets',
    word: 'key-set',
    path: '/key-sets',
    level: 1,
    references: {},
    keys: [['name']],
    nests: { keys: 'set' },
    top: true,
    optional: true,
  },
  {
    table: 'snis',
    word: 'sni',
    path: '/snis',
    level: 2,
    references: { certificate: 'certificates' },
    keys: [['name']],
  },
  {
    table: 'services',
    word: 'service',
    path: '/services',
    level: 2,
    references: { client_certificate: 'certificates' },
    keys: [['name']],
    nests: { routes: 'service', plugins: 'service' },
    top: true,
    unordered: ['ca_certificates'],
  },
  {
    table: 'upstreams',
    word: 'upstream',
    path: '/upstreams',
    level: 2,
    references: { client_certificate: 'certificates' },
    keys: [['name']],
    nests: { targets: 'upstream' },
    top: true,
  },
  {
    table: 'keys',
    word: 'key',
    path: '/keys',
    level: 2,
    references: { set: 'key_sets' },
    keys: [['name'], ['kid', 'set']],
    top: true,
    optional: true,
  },
  credential('keyauth_credentials', { word: 'key-auth', path: '/key-auths', key: 'key' }),
  credential('basicauth_credentials', {
    word: 'basic-auth',
    path: '/basic-auths',
    key: 'username',
    ignored: ['password'],
  }),
  credential('hmacauth_credentials', { word: 'hmac-auth', path: '/hmac-auths', key: 'username' }),
  credential('jwt_secrets', { word: 'jwt-auth', path: '/jwts', segment: 'jwt', key: 'key' }),
  credential('acls', {
    word: 'acl-group',
    path: '/acls',
    segment: 'acls',
    key: 'group',
    global: false,
  }),
  credential('oauth2_credentials', {
    word: 'oauth2-cred',
    path: '/oauth2',
    segment: 'oauth2',
    key: 'client_id',
  }),
  {
    table: 'routes',
    word: 'route',
    path: '/routes',
    level: 3,
    references: { service: 'services' },
    keys: [['name']],
    nests: { plugins: 'route' },
    top: true,
  },
  {
    table: 'targets',
    word: 'target',
    path: '',
    level: 3,
    references: { upstream: 'upstreams' },
    keys: [['upstream', 'target']],
    under: { field: 'upstream', segment: 'targets' },
  },
  {
    table: 'plugins',
    word: 'plugin',
    path: '/plugins',
    level: 4,
    references: { service: 'services', route: 'routes', consumer: 'consumers' },
    keys: [['name', 'service', 'route', 'consumer']],
    unique: [['instance_name']],
    top: true,
    subschema: { field: 'name', path: '/schemas/plugins/' },
  },
]

/** The kind of that table. */
export function kindOf(table: string): Kind | undefined {
  return KINDS.find((kind) => kind.table === table)
}
