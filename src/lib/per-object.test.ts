import { expect, it, vi } from 'vitest'
import { perObject } from './per-object.ts'

it.each([1, undefined])('makes %s once for each object', (made) => {
  const make = vi.fn(() => made)
  const of = perObject(make)
  const [one, other] = [{}, {}]
  expect([of(one), of(one), of(other), of(one)]).toEqual([made, made, made, made])
  expect(make.mock.calls).toEqual([[one], [other]])
})
