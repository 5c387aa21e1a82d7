import { type Edit, type Tables, tableOf } from './tables.ts'

/** Tables that change apart from those they were made of, for as long as those do not change. */
export interface Fork {
  readonly tables: Tables
  apply(edits: readonly Edit[]): void
  /** What was applied, one edit a row: the last one. */
  readonly edits: readonly Edit[]
}

/** Starts as the same tables; one is copied when it is first written to. */
export function createFork(base: Tables): Fork {
  const tables = new Map(base)
  const edits = new Map<string, Edit>()

  function toChange(name: string) {
    const table = tableOf(tables, name)
    if (table !== base.get(name)) return table
    const copy = table.copy()
    tables.set(name, copy)
    return copy
  }

  return {
    tables,
    get edits() {
      return [...edits.values()].filter(
        ({ entity, id, row }) => row !== undefined || base.get(entity)?.held(id) !== undefined,
      )
    },
    apply(list) {
      for (const edit of list) {
        const { entity, id, row } = edit
        const key = `${entity}:${id}`
        // A parent goes after the children that went with it, and comes before those that come.
        if (row === undefined || edits.get(key)?.row === undefined) edits.delete(key)
        edits.set(key, edit)
        const table = toChange(entity)
        if (row === undefined) table.remove(id)
        else table.put(row)
      }
    },
  }
}
