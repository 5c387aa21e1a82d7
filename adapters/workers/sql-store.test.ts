import { describe, expect, it } from 'vitest'
import { type EntryPage, loadPages } from './sql-store.ts'

function pagesOf(pages: readonly EntryPage[]) {
  const asked: (string | undefined)[] = []
  const page = async (after: string | undefined): Promise<EntryPage> => {
    const next = pages[asked.push(after) - 1]
    if (next === undefined) throw new Error('Asked for a page too many')
    return next
  }
  return { asked, page }
}

describe('loading page by page', () => {
  it('goes on where a page ended', async () => {
    const { asked, page } = pagesOf([
      { revision: 3, entries: [['a', '1']], next: 'a' },
      { revision: 3, entries: [['b', '{"x":null}']], next: undefined },
    ])
    expect(await loadPages(page)).toEqual({
      revision: 3,
      entries: [
        { key: 'a', value: 1 },
        { key: 'b', value: { x: null } },
      ],
    })
    expect(asked).toEqual([undefined, 'a'])
  })

  it('starts again when somebody commits in between', async () => {
    const { page } = pagesOf([
      { revision: 3, entries: [['a', '1']], next: 'a' },
      { revision: 4, entries: [], next: undefined },
      { revision: 4, entries: [['c', '1']], next: undefined },
    ])
    expect(await loadPages(page)).toEqual({ revision: 4, entries: [{ key: 'c', value: 1 }] })
  })
})
