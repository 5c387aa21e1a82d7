import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFrameReader, writeFrame } from './frames.ts'

it('reads frames as they were written, however they come', () => {
  const message = fc.tuple(fc.constantFrom(0, 1, 0x80), fc.uint8Array({ maxLength: 20 }))
  fc.assert(
    fc.property(fc.array(message), fc.integer({ min: 1, max: 9 }), (messages, size) => {
      const bytes = messages.flatMap(([flags, one]) => [...writeFrame(flags, one)])
      const reader = createFrameReader(20)
      const read = []
      for (let at = 0; at < bytes.length; at += size) {
        read.push(...(reader.push(Uint8Array.from(bytes.slice(at, at + size))) ?? []))
      }
      expect(reader.done).toBe(true)
      expect(read.map(({ flags, message: one }) => [flags, [...one]])).toEqual(
        messages.map(([flags, one]) => [flags, [...one]]),
      )
    }),
  )
})

it('refuses a longer message by its head alone', () => {
  expect(createFrameReader(3).push(Uint8Array.of(0, 0, 0, 0, 4))).toBeUndefined()
  const reader = createFrameReader(4)
  expect(reader.push(Uint8Array.of(0, 0, 0, 0, 4))).toEqual([])
  expect(reader.done).toBe(false)
})
