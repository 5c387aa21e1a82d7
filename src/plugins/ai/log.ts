import type { Exchange } from '../../pdk/exchange.ts'
import { logValuesOf, setLogValue } from '../../pdk/log-values.ts'
import { isObject } from '../../schema/field.ts'
import type { JsonObject } from './json-reading.ts'

/** Has something written under `ai.<name>` of a request's record, beside what is there. */
export function addToAiLog(exchange: Exchange, name: string, value: JsonObject): void {
  const known = logValuesOf(exchange)?.ai
  const all: JsonObject = isObject(known) ? known : {}
  const before = all[name]
  setLogValue(exchange, 'ai', {
    ...all,
    [name]: isObject(before) ? { ...before, ...value } : value,
  })
}
