import { expect, it } from 'vitest'
import { createBoundedCache } from './bounded-cache.ts'

function counted(options: { entries: number; length?: number }) {
  const asked: string[] = []
  const cache = createBoundedCache((text: string) => {
    asked.push(text)
    return text === '' ? undefined : text.length
  }, options)
  return { asked, cache }
}

it('asks once for a text, even when nothing was found', () => {
  const { asked, cache } = counted({ entries: 2 })
  expect([cache.get('ab'), cache.get('ab'), cache.get(''), cache.get('')]).toEqual([
    2,
    2,
    undefined,
    undefined,
  ])
  expect(asked).toEqual(['ab', ''])
})

it('forgets what was not asked for longest when it is full', () => {
  const { asked, cache } = counted({ entries: 2 })
  for (const text of ['a', 'b', 'c', 'c', 'b', 'a']) cache.get(text)
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

it('keeps no long text', () => {
  const { asked, cache } = counted({ entries: 2, length: 3 })
  for (const text of ['abcd', 'abcd', 'abc', 'abc']) cache.get(text)
  expect(asked).toEqual(['abcd', 'abcd', 'abc'])
})
