import type { Table } from '../../lib/template/value.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Args, argFields, argsOf, writeQuery } from './args.ts'
import { applyChanges, type Changes } from './changes.ts'

/** Changes the query that goes up. */
export function changeQuery(exchange: Exchange, changes: Changes, scope: Table): void {
  if (changes.none) return
  const args = argsOf(exchange.request.queryArgs())
  applyChanges(argFields(args), changes, { scope })
  exchange.upstream.rawQuery = writeQuery(args)
}

/** Adds arguments behind those of the same name. */
export function addToQuery(exchange: Exchange, added: Args): void {
  if (added.size === 0) return
  const args = argsOf(exchange.request.queryArgs())
  for (const [name, values] of added) args.set(name, [...(args.get(name) ?? []), ...values])
  exchange.upstream.rawQuery = writeQuery(args)
}
