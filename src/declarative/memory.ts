import type { Entity, Row } from '../schema/entity.ts'
import { entriesOf, getOwn } from '../schema/field.ts'
import { inSlices } from '../store/in-slices.ts'
import type { Entry } from './entries.ts'
import { sameValue } from './same-value.ts'

/** What is there before a document is read. */
export interface Earlier {
  /** The id that an entry without a name had the last time, when it said the same; else a new one. */
  idOf(entry: Entry, newId: () => string): string
  /** Gives entries that say nothing new the times they had. */
  keepTimes(entries: readonly Entry[]): Promise<void>
}

/** Ids by what their nameless entries say. */
export type GivenIds = Map<string, string>

/** What there was, to be looked up. */
interface EarlierOptions {
  /** The ids of the last document; `giving` takes this one's. */
  readonly given: ReadonlyMap<string, string>
  readonly giving: GivenIds
  /** A row as reads show it. */
  get(entity: string, id: string): Row | undefined
  show(entity: Entity, row: Row): Row
  /** Whether there is any row. */
  hasRows(): boolean
}

/** Looks up what was there. */
export function createEarlier(options: EarlierOptions): Earlier {
  const { given, giving, hasRows } = options
  const turns = new Map<string, number>()
  return {
    idOf(entry, newId) {
      const saying = sayingOf(entry, turns)
      const id = given.get(saying) ?? newId()
      giving.set(saying, id)
      return id
    },
    async keepTimes(entries) {
      if (hasRows()) await inSlices(entries, (entry) => keepTimesOf(entry, options))
    },
  }
}

function keepTimesOf(entry: Entry, { get, show }: Pick<EarlierOptions, 'get' | 'show'>): void {
  const { entity, row, shown } = entry
  const before = row && get(entity.name, row.id)
  if (row === undefined || shown === undefined || before === undefined) return
  const times = timesOf(entry, before)
  const candidate = dated(row, times)
  const seen = show(entity, candidate)
  if (!sameValue(seen, withoutLifetime(entity, before))) {
    const { updated_at: _changed, ...created } = times
    entry.row = dated(row, created)
    entry.shown = { ...shown, ...created }
    return
  }
  // The very row that is kept already, where reads show rows as they are: no need to compare again.
  entry.row = seen === candidate && entity.ttl !== true ? before : candidate
  entry.shown = shown === row ? candidate : { ...shown, ...times }
}

/** Reads show the seconds a row has left, which are no part of it. */
function withoutLifetime(entity: Entity, row: Row): Row {
  if (entity.ttl !== true) return row
  const { ttl: _left, ...fields } = row
  return fields
}

/** Where it stands and what it says, and which one of equal ones it is. */
function sayingOf({ entity, input, parent }: Entry, turns: Map<string, number>): string {
  const text = `${entity.name} ${parent?.entry.id ?? ''} ${JSON.stringify(input)}`
  const turn = turns.get(text) ?? 0
  turns.set(text, turn + 1)
  return `${turn} ${text}`
}

/** A copy of the row with these times; not spread, for the reason `fillIn` has. */
function dated(row: Row, times: Readonly<Record<string, unknown>>): Row {
  return Object.assign({}, row, times)
}

/** The times of a row that its entry leaves to the clock. */
function timesOf({ entity, sent }: Entry, before: Row): Record<string, unknown> {
  const times: Record<string, unknown> = {}
  for (const [name, { auto, timestamp }] of entriesOf(entity.fields)) {
    const isSent = name !== 'updated_at' && (getOwn(sent, name) ?? null) !== null
    if (auto === true && timestamp === true && !isSent) times[name] = getOwn(before, name)
  }
  return times
}
