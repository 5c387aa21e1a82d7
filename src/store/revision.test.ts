import { expect, it } from 'vitest'
import { SMALL_ENTITIES, uuid } from '../../test/open-store.ts'
import { entriesOfRevision, revisionOf } from './revision.ts'
import { emptyTables } from './tables.ts'

const tables = emptyTables(SMALL_ENTITIES, () => 0)

it.each(['a', 'with "quotes"', 'ümlaut', 'line\nbreak', '\ud800'])(
  'knows the size of what made %j',
  (name) => {
    const row = { id: uuid(1), name }
    const edits = [{ entity: 'parents', id: row.id, row }]
    const made = revisionOf({ revision: 1, at: 0, by: undefined }, { edits, tables })
    expect(made.size).toBe(JSON.stringify(made.parts[0]?.[0]).length)
  },
)

it('is frozen as it is kept, so that a store in memory takes it without a copy', () => {
  const edits = [{ entity: 'parents', id: uuid(1), row: { id: uuid(1), name: 'a' } }]
  const made = revisionOf({ revision: 1, at: 0, by: undefined }, { edits, tables })
  const [entry] = entriesOfRevision(made)
  expect(entry?.value).toMatchObject({ revision: 1, changes: [{ name: 'a', kind: 'created' }] })
  expect(Object.isFrozen(entry?.value)).toBe(true)
  expect(Object.isFrozen(made.parts[0]?.[0])).toBe(true)
})
