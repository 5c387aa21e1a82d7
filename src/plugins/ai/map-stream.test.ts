import { expect, it } from 'vitest'
import { readEvents } from './event-reader.ts'
import { mapStream, type StreamTold } from './map-stream.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function mapped(body: AsyncIterable<Uint8Array>, ended: (told: StreamTold) => void = () => {}) {
  const reader = readEvents('text/event-stream', 1000)
  return mapStream(body, { reader, mapper: ({ data }) => ({ data }), keep: true, ended })
}

it('passes each event on before the next is asked for', async () => {
  let asked = 0
  async function* body() {
    for (;;) yield encoder.encode(`data: ${++asked}\n\n`)
  }
  const stream = mapped(body())
  for (const count of [1, 2, 3]) {
    const { value } = await stream.next()
    expect([decoder.decode(value ?? undefined), asked]).toEqual([`data: ${count}\n\n`, count])
  }
  await stream.return(undefined)
})

it('tells what came of a stream that its reader leaves', async () => {
  let closed = false
  async function* body() {
    try {
      yield encoder.encode('data: {"model":"m","choices":[{"delta":{"content":"Hello you"}}]}\n\n')
      yield encoder.encode('data: never\n\n')
    } finally {
      closed = true
    }
  }
  const told: StreamTold[] = []
  const stream = mapped(body(), (one) => told.push(one))
  await stream.next()
  await stream.return(undefined)
  expect(told).toEqual([
    { usage: { prompt: undefined, completion: 3 }, responseModel: 'm', text: 'Hello you' },
  ])
  expect(closed).toBe(true)
})

it('sends nothing after the end it was told', async () => {
  async function* body() {
    yield encoder.encode('data: [DONE]\n\ndata: more\n\n')
  }
  const chunks: string[] = []
  for await (const chunk of mapped(body())) chunks.push(decoder.decode(chunk))
  expect(chunks).toEqual(['data: [DONE]\n\n'])
})
