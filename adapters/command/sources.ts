import { readFileSync, statSync } from 'node:fs'
import { messageOf } from '../../src/lib/message-of.ts'
import { allPlugins } from '../../src/plugins/all.ts'
import { exposureWarning } from '../../src/settings/admin-exposure.ts'
import { isAlreadySo } from '../../src/settings/already-so.ts'
import { parseConfFile } from '../../src/settings/conf-file.ts'
import { dereference } from '../../src/settings/dereference.ts'
import { unknownPlugins } from '../../src/settings/plugin-names.ts'
import {
  isSetting,
  type ReadSettings,
  readSettings,
  settingsOfEnvironment,
} from '../../src/settings/read.ts'
import { tracingWarning } from '../../src/settings/tracing.ts'
import type { Arguments } from './arguments.ts'

/** The settings of this start, and what should be said about their sources. */
export interface Sources {
  readonly read: ReadSettings
  readonly warnings: readonly string[]
}

/** Joins flags, environment and conf file; a kong.yaml that was named means `database = off`. */
export function settingsFrom(
  asked: Pick<Arguments, 'command' | 'file' | 'conf' | 'settings'>,
  environment: Readonly<Record<string, string | undefined>>,
): Sources {
  const warnings: string[] = []
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const fromEnvironment = settingsOfEnvironment(variables)
  for (const name of fromEnvironment.unknown)
    warnings.push(`${name} is not known here and has no effect`)

  const sources = [asked.settings, fromEnvironment.values]
  if (asked.conf !== undefined) {
    const conf = readConf(asked.conf)
    if (typeof conf === 'string') return { read: { ok: false, errors: [conf] }, warnings }
    for (const [name, value] of conf) {
      if (!isSetting(name) && !isAlreadySo(name, value))
        warnings.push(`${asked.conf}: ${name} is not known here and has no effect`)
    }
    sources.push(conf)
  }
  const known = dereference(sources, (name) => environment[name])
  if (known.errors.length > 0) return { read: { ok: false, errors: known.errors }, warnings }
  return checked(withFile(asked.file, known.sources), warnings)
}

/** What only the whole build knows: the plugins there are, and a door that was left open. */
function checked(read: ReadSettings, warnings: string[]): Sources {
  if (!read.ok) return { read, warnings }
  const { settings, process: chosen } = read
  const errors = unknownPlugins(
    settings.shown,
    allPlugins.map(({ name }) => name),
  )
  if (!isHostsFile(chosen.dnsHostsfile)) errors.push('dns_hostsfile: file does not exist')
  if (errors.length > 0) return { read: { ok: false, errors }, warnings }
  const exposed = exposureWarning({ listens: chosen.adminListen, token: settings.adminToken })
  const further = [exposed, tracingWarning(settings.shown)].flatMap((one) => one ?? [])
  return { read, warnings: [...warnings, ...further] }
}

/** The one that nobody named may be missing. */
function isHostsFile(file: string): boolean {
  return file === '/etc/hosts' || statSync(file, { throwIfNoEntry: false })?.isFile() === true
}

function readConf(file: string): ReadonlyMap<string, string> | string {
  try {
    const conf = parseConfFile(readFileSync(file, 'utf8'))
    const [error] = conf.errors
    return error === undefined ? conf.values : `${file}: ${error}`
  } catch (error) {
    // Kong's words.
    return isMissing(error) ? `no file at: ${file}` : `cannot read ${file}: ${messageOf(error)}`
  }
}

/** What names a kong.yaml, the strongest first. */
const CONFIGS = ['declarative_config', 'declarative_config_string'] as const

/** Kong: a declarative file belongs to `database = off`; naming one chooses it. */
function withFile(
  file: string | undefined,
  given: readonly ReadonlyMap<string, string>[],
): ReadSettings {
  const sources = file === undefined ? given : [new Map([['declarative_config', file]]), ...given]
  const named = CONFIGS.find((name) => sources.some((source) => (source.get(name) ?? '') !== ''))
  const database = sources.find((source) => source.has('database'))?.get('database')
  if (named === undefined) return readSettings(sources)
  if (database !== undefined && database !== 'off') {
    const what = named === 'declarative_config' ? 'a file' : 'a text'
    const error = `${named}: ${what} is served with database = off, not ${database}; leave one of them out`
    return { ok: false, errors: [error] }
  }
  return readSettings([...sources, new Map([['database', 'off']])])
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
