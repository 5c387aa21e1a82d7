import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SMALL_ENTITIES, uuid } from '../../test/open-store.ts'
import { createFork } from './fork.ts'
import { applyEdits, type Edit, emptyTables, type Tables } from './tables.ts'

const edit: fc.Arbitrary<Edit> = fc
  .record({
    n: fc.integer({ min: 1, max: 8 }),
    parent: fc.integer({ min: 1, max: 3 }),
    tags: fc.subarray(['a', 'b', 'c']),
    kind: fc.constantFrom('put', 'put', 'put', 'remove'),
    entity: fc.constantFrom('children', 'tokens'),
    end: fc.option(fc.constantFrom(5, 15)),
  })
  .map(({ n, parent, tags, kind, entity, end }) => ({
    entity,
    id: uuid(n),
    row:
      kind === 'remove'
        ? undefined
        : {
            ...{ id: uuid(n), name: `c${n}`, key: `k${n}`, parent: { id: uuid(parent) }, tags },
            ...(entity === 'tokens' && end !== null && { expires_at: end }),
          },
  }))

function viewOf(tables: Tables) {
  return [...tables.values()].map((table) => ({
    rows: table.rows,
    ids: [...table.ids],
    tagged: [...table.tagged],
    tags: ['a', 'b', 'c'].map((tag) => [...table.withTag(tag)]),
    children: [1, 2, 3].map((n) => [...table.children('parent', uuid(n))]),
    keys: table.rows.map((row) => table.uniques.map((index) => index.find(row))),
    expired: [...table.expired].sort(),
  }))
}

describe('a fork', () => {
  it('is as if its edits had been made, and leaves what it was made of alone', () => {
    const edits = fc.array(edit, { maxLength: 20 })
    fc.assert(
      fc.property(edits, edits, fc.boolean(), (before, after, reading) => {
        let now = 0
        const [base, same, goal] = [0, 1, 2].map(() => emptyTables(SMALL_ENTITIES, () => now))
        if (base === undefined || same === undefined || goal === undefined) return
        for (const tables of [base, same]) applyEdits(tables, before)
        applyEdits(goal, [...before, ...after])
        const fork = createFork(base)
        for (const edit of after) {
          fork.apply([edit])
          if (reading) viewOf(fork.tables)
        }
        now = 10
        expect(viewOf(base)).toEqual(viewOf(same))
        expect(viewOf(fork.tables)).toEqual(viewOf(goal))
        applyEdits(base, fork.edits)
        expect(viewOf(base)).toEqual(viewOf(goal))
      }),
    )
  })
})
