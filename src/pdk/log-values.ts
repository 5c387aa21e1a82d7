import type { Exchange } from './exchange.ts'

/** What plugins want written of a request beside the rest, by name (`kong.log.set_serialize_value`). */
export type LogValues = Readonly<Record<string, unknown>>

const VALUES = {}

/** Has a value written with the request's record, under a name of its own. */
export function setLogValue({ shared }: Pick<Exchange, 'shared'>, name: string, value: unknown) {
  // What lies under this key is put there below only.
  const known = shared.get(VALUES) as LogValues | undefined
  shared.set(VALUES, known === undefined ? { [name]: value } : { ...known, [name]: value })
}

/** The values to write; undefined for none. */
export function logValuesOf({ shared }: Pick<Exchange, 'shared'>): LogValues | undefined {
  return shared.get(VALUES) as LogValues | undefined
}

/** Makes another record of one; it may take out what readers of records rely on. */
export type RecordChange = (
  record: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>

const CHANGES = {}

/** Has the request's record changed, after all that the gateway and plugins say of it. */
export function changeLogRecord({ shared }: Pick<Exchange, 'shared'>, change: RecordChange): void {
  // Only lists of changes are put under this key, here.
  const known = shared.get(CHANGES) as RecordChange[] | undefined
  if (known === undefined) shared.set(CHANGES, [change])
  else known.push(change)
}

/** The record as those changes leave it. */
export function changedLogRecord<R extends Readonly<Record<string, unknown>>>(
  { shared }: Pick<Exchange, 'shared'>,
  record: R,
): R {
  const changes = shared.get(CHANGES) as RecordChange[] | undefined
  if (changes === undefined) return record
  // Kong: who takes a field out is who breaks what reads it; a log handler that fails, fails alone.
  return changes.reduce<Readonly<Record<string, unknown>>>(
    (before, change) => change(before),
    record,
  ) as R
}
