import { applyDocument, tablesOf } from '../declarative/apply.ts'
import { exportDeclarative } from '../declarative/export.ts'
import { parseDocument } from '../declarative/parse.ts'
import { md5Hex } from '../lib/md5.ts'
import type { Row } from '../schema/entity.ts'
import type { ValidateContext } from '../schema/validate.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { EMPTY } from './body.ts'
import type { Members } from './form.ts'
import { encodeJson, json, message, type Reply } from './reply.ts'
import type { Call, Handler, Resource } from './resource.ts'

/** Kong's hash of no configuration. */
const EMPTY_HASH = '0'.repeat(32)

/** The MD5 of the declarative configuration that serves. */
export function configurationHash(store: EntityStore): string {
  return isEmpty(store) ? EMPTY_HASH : (store.loaded?.hash ?? EMPTY_HASH)
}

/** Whether nothing is configured. Kong: a document without entities is as none. */
export function isEmpty({ entities, all }: Pick<EntityStore, 'entities' | 'all'>): boolean {
  return entities.every(({ name }) => all(name).length === 0)
}

/** What `/config` works on. */
export interface ConfigSources {
  readonly store: EntityStore
  readonly databaseless: boolean
  context(): ValidateContext
}

/** `/config`: the whole configuration in one document, without a database only. */
export function configResources(sources: ConfigSources): Resource[] {
  const { databaseless, store } = sources
  const handlers = {
    GET: () => json({ config: exportDeclarative(store.entities, tablesOf(store)) }),
    POST: (call: Call) => load(call, sources),
  }
  return [
    {
      pattern: '/config',
      takesDocument: true,
      handlers: databaseless ? handlers : { GET: withDatabase, POST: withDatabase },
    },
  ]
}

const withDatabase: Handler = () =>
  message(400, 'this endpoint is only available when Kong is configured to not use a database')

/** A document as sent: parsed already, or text. */
type Sent = { readonly document: Members } | { readonly text: string }

async function load(call: Call, { store, context }: ConfigSources): Promise<Reply> {
  const sent = sentBy(call)
  if (sent === undefined) return message(400, 'expected a declarative configuration')
  const hash = md5Hex('text' in sent ? sent.text : encodeJson(sent.document))
  // Kong: only text can be told to be the same.
  if ('text' in sent && optionOf('check_hash', call) === '1' && hash === configurationHash(store)) {
    return { status: 304 }
  }
  const document = 'text' in sent ? parseDocument(sent.text) : sent.document
  const flatten = TRUE_WORDS.has(String(optionOf('flatten_errors', call)).toLowerCase())
  const loaded = { hash, posted: true }
  const { shown } = await applyDocument(document, { store, context: context(), flatten, loaded })
  return json(byId(shown), 201)
}

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 'true', 'on', 'yes'])
const OPTIONS: readonly string[] = ['check_hash', 'flatten_errors']

function optionOf(name: string, { query, payload }: Call): unknown {
  const asked = query.first(name)
  if (asked !== undefined || payload.kind === 'yaml') return asked
  const value = Object.hasOwn(payload.value, name) ? payload.value[name] : undefined
  return typeof value === 'number' ? String(value) : value
}

/**
 * Kong: `_format_version` at the top makes the body the document, else `config` holds its text; a
 * body that has neither is looked at as it came, to be told what it lacks.
 */
function sentBy({ payload }: Call): Sent | undefined {
  if (payload.kind === 'yaml') return payload.text === '' ? undefined : { text: payload.text }
  const { value } = payload
  if (Object.hasOwn(value, '_format_version')) {
    return {
      document: Object.fromEntries(Object.entries(value).filter(([key]) => !OPTIONS.includes(key))),
    }
  }
  if (typeof value.config === 'string') return { text: value.config }
  if ('config' in value || payload === EMPTY) return undefined
  return payload.kind === 'json' ? { document: value } : { text: 'a form' }
}

function byId(tables: Readonly<Record<string, readonly Row[]>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tables)
      .filter(([, rows]) => rows.length > 0)
      .map(([name, rows]) => [name, Object.fromEntries(rows.map((row) => [row.id, row]))]),
  )
}
