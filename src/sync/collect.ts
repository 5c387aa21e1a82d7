import { canonicalTarget } from '../entities/target.ts'
import { isObject } from '../schema/field.ts'
import type { Content, Members, Placed } from './content.ts'
import { KINDS, type Kind, kindOf } from './kinds.ts'
import { SyncError } from './sync-error.ts'

/** An entity the files want there to be. */
export interface Wanted {
  readonly kind: Kind
  /** Where it stands: `kong.yaml: services[2].routes[1]`. */
  readonly place: string
  /** Its members as written, without those nested in it and without references. */
  readonly value: Members
  /** What it stands in or names, by field: an entity of the files, or a text. */
  readonly references: ReadonlyMap<string, Wanted | string>
}

/** Members of Kong Enterprise that would be lost without a word. */
const REFUSED = [
  'groups',
  'mtls_auth_credentials',
  'consumer_group',
  'ordering',
  'partials',
  'filter_chains',
]

/** Lists every entity of the files, in the order of `KINDS`. */
export function collectWanted(content: Content): readonly Wanted[] {
  const found: Wanted[] = []
  const problems: string[] = []
  for (const [table, entries] of content.tables) {
    const kind = kindOf(table)
    if (kind === undefined) continue
    for (const entry of entries) collect({ kind, ...entry }, { content, found, problems })
  }
  if (problems.length > 0) throw new SyncError(problems)
  return KINDS.flatMap((kind) => found.filter((wanted) => wanted.kind === kind))
}

interface Found extends Placed {
  readonly kind: Kind
  /** The entity it stands in, and the field that thereby refers to it. */
  readonly parent?: { readonly field: string; readonly wanted: Wanted }
}

interface Collection {
  readonly content: Content
  readonly found: Wanted[]
  readonly problems: string[]
}

function collect({ kind, value, place, parent }: Found, into: Collection): void {
  const given = kind.table === 'snis' && typeof value === 'string' ? { name: value } : value
  if (!isObject(given)) {
    into.problems.push(`${place}: expected members such as id: or name:`)
    return
  }
  const say = (text: string) => into.problems.push(`${place}: ${text}`)
  const members: Record<string, unknown> = {}
  const nested: Found[] = []
  const references = new Map<string, Wanted | string>()
  const wanted: Wanted = { kind, place, value: members, references }
  if (parent !== undefined) references.set(parent.field, parent.wanted)

  for (const [name, item] of Object.entries(given)) {
    const field = kind.nests?.[name]
    const child = kindOf(name)
    if (field !== undefined && child !== undefined) {
      nested.push(...childrenOf(item, { child, field, wanted, say, name }))
    } else if (REFUSED.includes(name)) say(`${name} is not in Kong OSS`)
    else if (Object.hasOwn(kind.references, name)) {
      const reference = referenceOf(name, item, say)
      // The entity it stands in wins.
      if (reference !== undefined && !references.has(name)) references.set(name, reference)
    } else if (!name.startsWith('_')) members[name] = item
  }
  Object.assign(members, settled(wanted, given, into.content, say))
  into.found.push(wanted)
  for (const child of nested) collect(child, into)
}

function childrenOf(
  list: unknown,
  at: {
    child: Kind
    field: string
    wanted: Wanted
    name: string
    say: (text: string) => void
  },
): Found[] {
  if (list === null || list === undefined) return []
  if (!Array.isArray(list)) {
    at.say(`${at.name}: expected a list`)
    return []
  }
  const parent = { field: at.field, wanted: at.wanted }
  const { child: kind, name, wanted } = at
  return list.map((value, i) => ({
    kind,
    value,
    place: `${wanted.place}.${name}[${i + 1}]`,
    parent,
  }))
}

/** `service: shop`, `service: {name: shop}` and `service: {id: …}` all name a service. */
function referenceOf(
  field: string,
  value: unknown,
  say: (text: string) => void,
): string | undefined {
  if (value === null || value === undefined) return undefined
  const text = isObject(value) ? (value.id ?? value.name ?? value.username) : value
  if (typeof text === 'string') return text
  say(`${field}: expected a name or an id`)
  return undefined
}

/** What a kind's members become before anything else looks at them. */
function settled(
  { kind }: Wanted,
  given: Members,
  content: Content,
  say: (text: string) => void,
): Members {
  const base = content.defaults.get(kind.table) ?? {}
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !(name in given)))
  if (kind.table === 'services') return { ...kept, ...fromUrl(given, say) }
  if (kind.table === 'targets' && typeof given.target === 'string')
    return { ...kept, target: canonicalTarget(given.target) }
  if (kind.table === 'plugins') return { ...kept, ...fromPluginConfig(given, content, say) }
  return kept
}

function fromPluginConfig(given: Members, content: Content, say: (text: string) => void): Members {
  const source = given._config
  if (source === undefined) return {}
  const shared = content.pluginConfigs.get(String(source))
  if (shared !== undefined)
    return { config: { ...shared, ...(isObject(given.config) && given.config) } }
  say(`_config ${JSON.stringify(source)} is not among _plugin_configs`)
  return {}
}

/** The sugar `url`: what is written beside it wins over its parts. */
function fromUrl(given: Members, say: (text: string) => void): Members {
  if (given.url === undefined || given.url === null) return {}
  const url = typeof given.url === 'string' && URL.canParse(given.url) ? new URL(given.url) : null
  if (url === null || url.host === '') {
    say(`url: expected something like http://host:80/path, not ${JSON.stringify(given.url)}`)
    return { url: undefined }
  }
  const protocol = url.protocol.slice(0, -1)
  const parts = {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port),
    ...(url.pathname !== '' && url.pathname !== '/' && { path: url.pathname }),
    ...(/^[^:]+:\/\/[^/]+\/$/.test(String(given.url)) && { path: '/' }),
  }
  const missing = Object.entries(parts).filter(([name]) => given[name] === undefined)
  return { ...Object.fromEntries(missing), url: undefined }
}
