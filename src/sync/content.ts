import { getOwn, isObject } from '../schema/field.ts'
import { KINDS } from './kinds.ts'
import { SyncError } from './sync-error.ts'

/** Named values of a file or an answer. */
export type Members = Readonly<Record<string, unknown>>

/** What one or more files say together. */
export interface Content {
  /** The entities at the top, by table. */
  readonly tables: ReadonlyMap<string, readonly Placed[]>
  /** Only what bears all of these is read, and all that is written bears them. */
  readonly selectTags: readonly string[]
  /** `_info.defaults`, by table. */
  readonly defaults: ReadonlyMap<string, Members>
  /** `_plugin_configs`, by name. */
  readonly pluginConfigs: ReadonlyMap<string, Members>
}

/** A document and where it came from. */
export interface SourceFile {
  readonly name: string
  readonly document: unknown
}

/** An entity as written, and where. */
export interface Placed {
  readonly value: unknown
  readonly place: string
}

/** Why a member that decK knows, or once knew, has no meaning here. */
const REFUSED: Readonly<Record<string, string>> = {
  _konnect: 'is for Konnect; here files go to the Admin API of a gateway',
  consumer_groups: 'are not in Kong OSS',
  partials: 'are not in Kong OSS',
  rbac_roles: 'are not in Kong OSS',
  licenses: 'are not in Kong OSS',
  service_packages: 'are for Konnect',
  custom_entities: 'are not in Kong OSS',
  filter_chains: 'need WebAssembly, which is not there',
}

const REMARKS = new Set(['_comment', '_ignore', '$schema'])

/** Joins documents as decK does: lists are appended, everything wrong is said at once. */
export function joinContent(files: readonly SourceFile[]): Content {
  const problems: string[] = []
  const tables = new Map<string, Placed[]>()
  const defaults = new Map<string, Members>()
  const pluginConfigs = new Map<string, Members>()
  const selectTags = new Set<string>()
  for (const { name, document } of files) {
    if (!isObject(document)) {
      problems.push(`${name}: expected members such as services: at its top`)
      continue
    }
    const say = (text: string) => problems.push(`${name}: ${text}`)
    const old = checkHeader(document, say)
    for (const tag of readInfo(document, defaults, say)) selectTags.add(tag)
    for (const [key, config] of Object.entries(objectAt(document, '_plugin_configs'))) {
      if (isObject(config)) pluginConfigs.set(key, config)
      else say(`_plugin_configs.${key}: expected a config`)
    }
    for (const [table, list] of Object.entries(document)) {
      if (!isTop(table)) {
        if (!HEADER.has(table) && !REMARKS.has(table)) say(refusalOf(table))
        continue
      }
      const placed = entriesAt(table, list, { name, old, say })
      tables.set(table, [...(tables.get(table) ?? []), ...placed])
    }
  }
  if (problems.length > 0) throw new SyncError(problems)
  return { tables, selectTags: [...selectTags], defaults, pluginConfigs }
}

const HEADER = new Set([
  '_format_version',
  '_info',
  '_plugin_configs',
  '_workspace',
  '_transform',
  '_konnect',
])

function isTop(table: string): boolean {
  return KINDS.some((kind) => kind.table === table && kind.top === true)
}

function refusalOf(name: string): string {
  const why = REFUSED[name]
  if (why !== undefined) return `${name} ${why}`
  const parent = KINDS.find((kind) => Object.hasOwn(kind.nests ?? {}, name))
  return parent === undefined
    ? `unknown member ${name}`
    : `${name} go under their ${parent.word}, in ${parent.table}[].${name}`
}

/** Answers whether the file is of the format before 3.0. */
function checkHeader(document: Members, say: (text: string) => void): boolean {
  const version = document._format_version
  if (version === undefined) say('_format_version is missing; write _format_version: "3.0"')
  else if (version !== '1.1' && version !== '3.0') {
    say(`_format_version ${JSON.stringify(version)} is not known; write "3.0" in quotes, or "1.1"`)
  }
  if (document._transform === false)
    say('_transform: false is for POST /config; values here are as you would type them')
  if (document._konnect !== undefined) say(refusalOf('_konnect'))
  const workspace = document._workspace ?? 'default'
  if (workspace !== 'default')
    say(`_workspace ${JSON.stringify(workspace)}: Kong OSS has no workspaces but default`)
  return version === '1.1'
}

function readInfo(
  document: Members,
  defaults: Map<string, Members>,
  say: (text: string) => void,
): readonly string[] {
  const info = objectAt(document, '_info')
  for (const name of Object.keys(info)) {
    if (name !== 'select_tags' && name !== 'defaults') say(`_info.${name} is not supported`)
  }
  for (const [word, values] of Object.entries(objectAt(info, 'defaults'))) {
    const kind = KINDS.find((candidate) => candidate.word === word)
    if (kind === undefined || !isObject(values)) say(`_info.defaults.${word} is not supported`)
    else defaults.set(kind.table, { ...defaults.get(kind.table), ...values })
  }
  const tags = info.select_tags ?? []
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags
  say('_info.select_tags: expected a list of tags')
  return []
}

function entriesAt(
  table: string,
  list: unknown,
  file: { name: string; old: boolean; say: (text: string) => void },
): Placed[] {
  if (list === null || list === undefined) return []
  if (!Array.isArray(list)) {
    file.say(`${table}: expected a list`)
    return []
  }
  return list.map((value, i) => ({
    value: file.old ? converted(table, value) : value,
    place: `${file.name}: ${table}[${i + 1}]`,
  }))
}

/** A route of format 1.1: a path that was a regex gets the mark it has had since 3.0. */
function converted(table: string, value: unknown): unknown {
  if (!isObject(value)) return value
  if (table === 'services' && Array.isArray(value.routes)) {
    return { ...value, routes: value.routes.map((route) => converted('routes', route)) }
  }
  if (table !== 'routes' || !Array.isArray(value.paths)) return value
  return { ...value, paths: value.paths.map((path) => (isOldRegex(path) ? `~${path}` : path)) }
}

function isOldRegex(path: unknown): boolean {
  return typeof path === 'string' && !path.startsWith('~') && /[^a-zA-Z0-9._~/%-]/.test(path)
}

function objectAt(holder: Members, name: string): Members {
  const value = getOwn(holder, name)
  return isObject(value) ? value : {}
}
