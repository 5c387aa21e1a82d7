import { expect, it } from 'vitest'
import { headersIn } from '../../pdk/headers.ts'
import { createAnswerCache } from './answer-cache.ts'
import type { KeptAnswer } from './kept-answer.ts'

const answer = (name: string, rest: Partial<KeptAnswer> = {}): KeptAnswer => ({
  pluginId: 'p',
  name,
  status: 200,
  headers: [],
  body: new Uint8Array(1000),
  storedAt: 0,
  age: 0,
  ttl: 10,
  until: 10,
  strict: false,
  ...rest,
})
const NONE = headersIn([])
const PLAIN = { names: [], headers: NONE }

it('never holds more bytes than it may, and forgets what was not asked for longest', () => {
  const cache = createAnswerCache(10_000)
  for (let i = 0; i < 100; i++) {
    cache.keep(`place ${i}`, answer(`${i}`), PLAIN)
    expect(cache.find('place 0', NONE, 0)).toBeDefined()
    expect(cache.bytes).toBeLessThanOrEqual(10_000)
  }
  expect(cache.find('place 99', NONE, 0)).toBeDefined()
  expect(cache.find('place 50', NONE, 0)).toBeUndefined()
  expect(cache.named('50', 0)).toBeUndefined()
})

it('gives nothing that has expired', () => {
  const cache = createAnswerCache()
  cache.keep('a', answer('a'), PLAIN)
  expect(cache.find('a', NONE, 9)).toBeDefined()
  expect(cache.find('a', NONE, 10)).toBeUndefined()
  expect(cache.bytes).toBe(0)
})

it('keeps answers that vary apart, and forgets them together', () => {
  const cache = createAnswerCache()
  const by = (value: string) => ({ names: ['accept'], headers: headersIn(['Accept', value]) })
  const [one, two] = [answer('a', { status: 1 }), answer('a', { status: 2 })]
  cache.keep('a', one, by('1'))
  cache.keep('a', two, by('2'))
  expect(cache.find('a', by('1').headers, 0)).toBe(one)
  expect(cache.find('a', by('2').headers, 0)).toBe(two)
  expect(cache.find('a', NONE, 0)).toBeUndefined()
  cache.forget('a')
  cache.keep('a', two, by('2'))
  expect(cache.find('a', by('1').headers, 0)).toBeUndefined()
})

it('forgets what varied by something else', () => {
  const cache = createAnswerCache()
  const headers = headersIn(['Accept', '1', 'Cookie', '2'])
  cache.keep('a', answer('a', { status: 1 }), { names: ['accept'], headers })
  cache.keep('a', answer('a', { status: 2 }), { names: ['accept', 'cookie'], headers })
  expect(cache.find('a', headers, 0)?.status).toBe(2)
  expect(cache.find('a', headersIn(['Accept', '1']), 0)).toBeUndefined()
})
