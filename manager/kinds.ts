/** A kind of entity as the page shows it. */
export interface Kind {
  /** As in the Admin API's paths and in this page's places. */
  readonly path: string
  /** As in `/schemas`. */
  readonly schema: string
  readonly one: string
  readonly many: string
  /** What a list shows of a row, in order; paths into it such as `service.id`. */
  readonly columns: readonly string[]
  /** What names a row to people; its id otherwise. */
  readonly named: string | undefined
}

/** In the order Kong Manager's users know. */
export const KINDS: readonly Kind[] = [
  {
    path: 'services',
    schema: 'services',
    one: 'Service',
    many: 'Services',
    columns: ['name', 'protocol', 'host', 'port', 'path', 'enabled', 'tags', 'updated_at'],
    named: 'name',
  },
  {
    path: 'routes',
    schema: 'routes',
    one: 'Route',
    many: 'Routes',
    columns: ['name', 'protocols', 'hosts', 'methods', 'paths', 'tags', 'updated_at'],
    named: 'name',
  },
  {
    path: 'consumers',
    schema: 'consumers',
    one: 'Consumer',
    many: 'Consumers',
    columns: ['username', 'custom_id', 'tags'],
    named: 'username',
  },
  {
    path: 'plugins',
    schema: 'plugins',
    one: 'Plugin',
    many: 'Plugins',
    columns: ['name', 'applied', 'enabled', 'tags'],
    named: 'instance_name',
  },
  {
    path: 'upstreams',
    schema: 'upstreams',
    one: 'Upstream',
    many: 'Upstreams',
    columns: ['name', 'algorithm', 'slots', 'tags'],
    named: 'name',
  },
  {
    path: 'certificates',
    schema: 'certificates',
    one: 'Certificate',
    many: 'Certificates',
    columns: ['id', 'snis', 'tags', 'created_at'],
    named: undefined,
  },
  {
    path: 'ca_certificates',
    schema: 'ca_certificates',
    one: 'CA Certificate',
    many: 'CA Certificates',
    columns: ['id', 'cert_digest', 'tags', 'created_at'],
    named: undefined,
  },
  {
    path: 'snis',
    schema: 'snis',
    one: 'SNI',
    many: 'SNIs',
    columns: ['name', 'certificate.id', 'tags'],
    named: 'name',
  },
  {
    path: 'vaults',
    schema: 'vaults',
    one: 'Vault',
    many: 'Vaults',
    columns: ['prefix', 'name', 'description', 'tags'],
    named: 'prefix',
  },
  {
    path: 'keys',
    schema: 'keys',
    one: 'Key',
    many: 'Keys',
    columns: ['name', 'kid', 'set.id', 'tags'],
    named: 'name',
  },
  {
    path: 'key-sets',
    schema: 'key_sets',
    one: 'Key Set',
    many: 'Key Sets',
    columns: ['name', 'tags'],
    named: 'name',
  },
]

/** Kinds that stand below another one, in the order of its tabs. */
const BELOW: Readonly<Record<string, readonly Kind[]>> = {
  services: children('routes', 'plugins'),
  routes: children('plugins'),
  consumers: [
    credential('key-auth', 'keyauth_credentials', 'Key', undefined, ['id', 'key']),
    credential('basic-auth', 'basicauth_credentials', 'Basic Auth Login', 'username', ['username']),
    credential('hmac-auth', 'hmacauth_credentials', 'HMAC Login', 'username', ['username']),
    credential('jwt', 'jwt_secrets', 'JWT Credential', 'key', ['key', 'algorithm']),
    credential('acls', 'acls', 'ACL Group', 'group', ['group']),
    credential('oauth2', 'oauth2_credentials', 'OAuth 2.0 Application', 'name', [
      'name',
      'client_id',
    ]),
    ...children('plugins'),
  ],
  upstreams: [
    {
      path: 'targets',
      schema: 'targets',
      one: 'Target',
      many: 'Targets',
      columns: ['target', 'weight', 'tags'],
      named: 'target',
    },
  ],
  certificates: children('snis'),
  'key-sets': children('keys'),
}

/** What else stands below a kind. */
export function childKinds({ path }: Kind): readonly Kind[] {
  return BELOW[path] ?? []
}

/** The kind at `/{parent}/{id}/{path}`. */
export function childKindOf(parent: Kind, path: string): Kind | undefined {
  return childKinds(parent).find((kind) => kind.path === path)
}

function children(...paths: readonly string[]): readonly Kind[] {
  return KINDS.filter(({ path }) => paths.includes(path))
}

function credential(
  path: string,
  schema: string,
  one: string,
  named: string | undefined,
  columns: readonly string[],
): Kind {
  const all = [...columns, 'tags', 'created_at']
  return { path, schema, one, many: `${one}s`, columns: all, named }
}

/** Whether rows of this kind have pages of their own, and are not only found below another. */
export function standsAlone({ path }: Kind): boolean {
  return kindOf(path) !== undefined
}

/** The kind a path is of. */
export function kindOf(path: string): Kind | undefined {
  return KINDS.find((kind) => kind.path === path)
}

/** What to call a row in a sentence. */
export function nameOf({ named }: Kind, row: Readonly<Record<string, unknown>>): string {
  const name = named === undefined ? undefined : row[named]
  const fallback = row.username ?? row.name ?? row.id
  return typeof name === 'string' && name !== '' ? name : String(fallback)
}
