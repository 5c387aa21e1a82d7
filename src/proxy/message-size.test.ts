import { expect, it } from 'vitest'
import type { ByteStream } from '../lib/bytes.ts'
import { headSize, weigh } from './message-size.ts'

it('weighs a head as it is written', () => {
  const written = 'GET /x HTTP/1.1\r\nHost: a\r\nX-Y: zz\r\n\r\n'
  expect(headSize('GET /x HTTP/1.1\r\n'.length, ['Host', 'a', 'X-Y', 'zz'])).toBe(written.length)
})

it.each([
  [['Content-Length', '12'], 12],
  [['content-length', '0'], 0],
  [['Content-Length', 'x'], 3],
  [['Content-Lengtx', '12'], 3],
  [[], 3],
])('takes a stream under %j for %i bytes long', async (headers, length) => {
  const { body, size } = weigh(some(), headers)
  await drain(body as ByteStream)
  expect(size()).toBe(length)
})

async function* some(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(3)
}

const NINE = ['Content-Length', '9']

async function drain(body: ByteStream): Promise<void> {
  for await (const _ of body);
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(3)
  yield new Uint8Array(4)
}

it('weighs a stream of unknown length as it passes, and takes no other apart', async () => {
  const weighed = weigh(chunks(), [])
  expect(weighed.size()).toBe(0)
  let read = 0
  for await (const chunk of weighed.body as ByteStream) read += chunk.length
  expect([read, weighed.size()]).toEqual([7, 7])

  const stream = chunks()
  expect(weigh(stream, NINE).body).toBe(stream)
  expect(weigh(stream, NINE).size()).toBe(9)
  expect(weigh(new Uint8Array(5), NINE).size()).toBe(5)
  expect(weigh(undefined, NINE).size()).toBe(0)
  const web = new Response('x').body ?? undefined
  expect(weigh(web, []).body).toBe(web)
})

it('passes a break and an early end on', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(2)
    throw new Error('cut')
  }
  const { body, size } = weigh(broken(), [])
  await expect(drain(body as ByteStream)).rejects.toThrow('cut')
  expect(size()).toBe(2)

  let ended = false
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(1)
    } finally {
      ended = true
    }
  }
  for await (const _ of weigh(endless(), []).body as ByteStream) break
  expect(ended).toBe(true)
})
