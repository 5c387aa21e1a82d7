import { expect, it } from 'vitest'
import { requestIds } from './request-id.ts'

/** Gives the words in turn, as shares of 1. */
function randomOf(...words: readonly number[]) {
  let at = 0
  return { random: () => (words[at++ % words.length] ?? 0) / 0x1_0000_0000 }
}

it('writes four words of chance as hex digits, the first one first', () => {
  const newId = requestIds(randomOf(0x0123_4567, 0x89ab_cdef, 0, 0xffff_ffff))
  expect(newId()).toBe('0123456789abcdef00000000ffffffff')
})

it('leaves nothing of one id in the next', () => {
  const newId = requestIds(randomOf(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 1, 2, 3, 4))
  const first = newId()
  expect(newId()).toBe('00000001000000020000000300000004')
  expect(first).toBe('f'.repeat(32))
})
