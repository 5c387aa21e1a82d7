import type { NameRecord, RecordType } from '../ports/resolver.ts'

/** Where a name's aliases lead to within one answer. */
export interface ChainEnd {
  readonly name: string
  /** That name's records of the type that was asked for; none where the answer stops at an alias. */
  readonly records: readonly NameRecord[]
  /** Seconds: the least of all on the way; undefined when there was nothing at all. */
  readonly ttl: number | undefined
}

/** Follows the aliases in an answer, whatever order its records are in. */
export function endOfChain(
  records: readonly NameRecord[],
  start: string,
  type: RecordType,
): ChainEnd {
  const aliases = new Map<string, NameRecord & { readonly type: 'CNAME' }>()
  for (const record of records) if (record.type === 'CNAME') aliases.set(record.name, record)

  const ttls: number[] = []
  let name = start
  for (;;) {
    const found = records.filter((one) => one.type === type && one.name === name)
    const alias = aliases.get(name)
    // Taken out once followed, so that a circle ends.
    aliases.delete(name)
    if (alias === undefined || (type !== 'CNAME' && found.length > 0)) {
      ttls.push(...found.map(({ ttl }) => ttl))
      return { name, records: found, ttl: ttls.length === 0 ? undefined : Math.min(...ttls) }
    }
    ttls.push(alias.ttl)
    name = alias.target
  }
}
