import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entity, Row } from '../schema/entity.ts'
import { referencesOf } from './links.ts'
import { RowIndexes } from './row-indexes.ts'

const entity: Entity = {
  name: 'things',
  fields: {
    id: { type: 'string' },
    name: { type: 'string', unique: true },
    parent: { type: 'foreign', reference: 'things' },
    tags: { type: 'set' },
  },
}

const one = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map((number) => `id${number}`),
  parent: fc.constantFrom(null, { id: 'p1' }, { id: 'p2' }),
  tags: fc.constantFrom(null, [], ['a'], ['a', 'b', 'a']),
  gone: fc.boolean(),
})

/** Rows with indexes that follow them. */
function openIndexes() {
  const rows = new Map<string, Row>()
  const references = referencesOf(entity)
  const indexes = new RowIndexes({ entity, references, rows: () => rows.values() })
  const put = ({ id, ...row }: { id: string; parent: unknown; tags: unknown }, gone: boolean) => {
    const before = rows.get(id)
    rows.delete(id)
    if (before !== undefined) indexes.remove(before)
    if (gone) return
    const after = { id, name: `name of ${id}`, ...row }
    rows.set(id, after)
    indexes.add(after)
  }
  return { rows, indexes, put }
}

function told(indexes: RowIndexes) {
  return {
    ids: indexes.ids,
    tagged: indexes.tagged,
    withTag: ['a', 'b', 'c'].map((tag) => indexes.withTag(tag)),
    children: ['P1', 'p2', 'p3'].map((parent) => indexes.children('parent', parent)),
    named: Array.from({ length: 31 }, (_, number) =>
      indexes.uniques[0]?.find({ name: `name of id${number}` }),
    ),
  }
}

describe('indexes of rows', () => {
  it('say the same whenever they are first asked, and so do their copies', () => {
    fc.assert(
      fc.property(fc.array(one), fc.array(one), (first, then) => {
        const asked = openIndexes()
        const late = openIndexes()
        for (const { gone, ...row } of first) for (const { put } of [asked, late]) put(row, gone)
        const before = told(asked.indexes)
        const copies = [asked.indexes.copy('wholeCopy'), asked.indexes.copy('copy')]
        expect(copies.map(told)).toEqual([before, before])
        const kept = structuredClone(before)
        for (const { gone, ...row } of then) for (const { put } of [asked, late]) put(row, gone)
        expect(told(asked.indexes)).toEqual(told(late.indexes))
        expect(late.indexes.ids).toEqual([...late.rows.keys()].sort())
        expect(copies[0] && told(copies[0])).toEqual(kept)
      }),
    )
  })
})
