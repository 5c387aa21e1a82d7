import { toByteString } from '../../lib/byte-string.ts'
import type { Table } from '../../lib/template/value.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { applyChanges, type Changes, type FieldStore } from './changes.ts'

/** Changes the headers that go up. Of Host only what is in it can be another. */
export function changeHeaders(exchange: Exchange, changes: Changes, scope: Table): void {
  if (changes.none) return
  // All templates see the headers as they were before the first is changed.
  if (changes.readsHeaders) scope.get('headers')
  applyChanges(headerFields(exchange), changes, { scope })
}

function headerFields({ request, upstream: { headers } }: Exchange): FieldStore {
  return {
    has: (name) => isHost(name) || request.headers.has(name),
    remove: (name) => headers.delete(name),
    rename(from, to) {
      if (isHost(from)) return true
      const values = request.headers.all(from)
      // First, for the new name may be the old one in other letters.
      headers.delete(from)
      headers.set(to, values)
      return true
    },
    set: (name, value) => headers.set(name, toByteString(value)),
    append(name, value) {
      if (!isHost(name)) headers.add(name, toByteString(value))
    },
  }
}

function isHost(name: string): boolean {
  return name.length === 4 && name.toLowerCase() === 'host'
}
