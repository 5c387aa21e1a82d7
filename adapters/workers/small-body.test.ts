import { describe, expect, it } from 'vitest'
import { isSmall, smallBody } from './small-body.ts'

const encoder = new TextEncoder()

/** A byte stream of these pieces, then of this end; what the reader cancels is told. */
function streamOf(pieces: readonly string[], end: 'close' | 'stay' | Error = 'close') {
  const told = { cancelled: false }
  let at = 0
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const piece = pieces[at++]
      if (piece !== undefined) return controller.enqueue(encoder.encode(piece))
      if (end === 'stay') return new Promise<void>(() => {})
      if (end instanceof Error) return controller.error(end)
      controller.close()
      controller.byobRequest?.respond(0)
    },
    cancel() {
      told.cancelled = true
    },
  })
  return { stream, told }
}

async function textOf(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<string> {
  if (body instanceof Uint8Array) return new TextDecoder().decode(body)
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body) text += decoder.decode(bytes, { stream: true })
  return text
}

describe('a body of known length', () => {
  it('is bytes where it is small and has come whole', async () => {
    const { stream } = streamOf(['hello'])
    const body = await smallBody(stream, 5)
    expect(body).toBeInstanceOf(Uint8Array)
    expect(await textOf(body)).toBe('hello')
  })

  it.each([
    { what: 'comes in pieces', pieces: ['he', 'l', 'lo'], length: 5 },
    { what: 'is longer than it said', pieces: ['hel', 'lo!'], length: 4 },
  ])('passes every byte of one that $what', async ({ pieces, length }) => {
    const { stream } = streamOf(pieces)
    const body = await smallBody(stream, length)
    expect(body).not.toBeInstanceOf(Uint8Array)
    expect(await textOf(body)).toBe(pieces.join(''))
  })

  it('hands on what has come of it while the rest is not sent', async () => {
    const { stream, told } = streamOf(['he'], 'stay')
    const body = await smallBody(stream, 5)
    if (body instanceof Uint8Array) throw new Error('It is not whole')
    const pieces = body[Symbol.asyncIterator]()
    expect(await pieces.next()).toEqual({ done: false, value: encoder.encode('he') })
    expect(told.cancelled).toBe(false)
  })

  it.each([
    { when: 'before its first byte', pieces: [] },
    { when: 'in its middle', pieces: ['he'] },
  ])('fails where it is read when it is cut $when', async ({ pieces }) => {
    const { stream } = streamOf(pieces, new Error('cut'))
    const body = await smallBody(stream, 5)
    await expect(textOf(body)).rejects.toThrow('cut')
  })

  it('ends its source when the reader leaves', async () => {
    const { stream, told } = streamOf(['he', 'l'], 'stay')
    const body = await smallBody(stream, 5)
    if (body instanceof Uint8Array) throw new Error('It is not whole')
    for await (const _ of body) break
    expect(told.cancelled).toBe(true)
  })

  it.each([
    { length: undefined, small: false },
    { length: Number.NaN, small: false },
    { length: 16_385, small: false },
    { length: 16_384, small: true },
    { length: 0, small: true },
  ])('is small at a length of $length: $small', ({ length, small }) => {
    expect(isSmall(length)).toBe(small)
  })
})
