import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventFrame, joinedBytes } from '../../../test/ai/event-frame.ts'
import { readEvents } from './event-reader.ts'
import type { ServerEvent } from './server-events.ts'

const encoder = new TextEncoder()
const SSE = 'text/event-stream'
const AWS = 'application/vnd.amazon.eventstream'

/** Reads bytes cut at these places. */
function readCut(type: string, bytes: Uint8Array, cuts: readonly number[] = []): ServerEvent[] {
  const reader = readEvents(type, 1000)
  const places = [...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  const events: ServerEvent[] = []
  let from = 0
  for (const to of places) {
    events.push(...reader.read(bytes.subarray(from, to)))
    from = to
  }
  return [...events, ...reader.end()]
}

describe('server-sent events', () => {
  it.each([
    ['data: a\n\n', [[undefined, 'a']]],
    ['data:a\n\n', [[undefined, 'a']]],
    [
      'event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n',
      [
        ['x', 'a'],
        [undefined, 'b'],
      ],
    ],
    ['data: a\rdata: b\r\r', [[undefined, 'a\nb']]],
    [': ping\n\ndata: a\n\n', [[undefined, 'a']]],
    ['event: x\n\ndata: a\n\n', [[undefined, 'a']]],
    ['id: 1\nretry: 5\ndata\n\n', [[undefined, '']]],
    ['data: a', [[undefined, 'a']]],
    ['data:  a: b \n\n', [[undefined, ' a: b ']]],
    ['\n\n', []],
    ['', []],
  ])('%j', (text, events) => {
    const read = readCut(SSE, encoder.encode(text))
    expect(read.map(({ event, data }) => [event, data])).toEqual(events)
  })
})

describe('JSON objects', () => {
  it.each([
    ['{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['[{"a":{"b":[]}}\n,\r\n{"c":1}]', ['{"a":{"b":[]}}', '{"c":1}']],
    ['{"a":"}\\"{"}{"b":"\\\\"}', ['{"a":"}\\"{"}', '{"b":"\\\\"}']],
    ['{"a":1', []],
  ])('%j', (text, data) => {
    expect(readCut(SSE, encoder.encode(text)).map((event) => event.data)).toEqual(data)
  })
})

describe("AWS's event streams", () => {
  it('tells the type and the body of each message', () => {
    const bytes = joinedBytes([
      eventFrame('messageStart', { role: 'assistant' }),
      eventFrame('throttlingException', { message: 'slow' }, ':exception-type'),
      eventFrame('x', {}, ':content-type'),
    ])
    expect(readCut(AWS, bytes)).toEqual([
      { event: 'messageStart', data: '{"role":"assistant"}' },
      { event: 'throttlingException', data: '{"message":"slow"}' },
      { event: undefined, data: '{}' },
    ])
  })

  it.each([
    ['too long', [0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['too short', [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['of headers alone', [0, 0, 0, 20, 0, 0, 0, 16, 0, 0, 0, 0]],
  ])('are given up when a message is %s', (_, bytes) => {
    expect(() => readCut(AWS, Uint8Array.from(bytes))).toThrow('too long')
  })
})

it.each([
  ['an event', `data: ${'x'.repeat(2000)}`],
  ['an event of many lines', 'data: 12345678\n'.repeat(200)],
  ['an object', `{"a":"${'x'.repeat(2000)}"`],
])('holds no more than it may of %s', (_, text) => {
  expect(() => readCut(SSE, encoder.encode(text))).toThrow('too long')
})

const word = fc.string({ unit: 'binary', maxLength: 20 })
const streams = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom('\n', '\r\n', '\r'), fc.jsonValue()), { maxLength: 5 })
    .map((all) => {
      const text = all.map(
        ([end, value]) => `event: é${end}data: ${JSON.stringify(value)}${end}${end}`,
      )
      return [SSE, encoder.encode(text.join(''))] as const
    }),
  fc.array(fc.dictionary(word, word), { maxLength: 5 }).map((all) => {
    return [SSE, encoder.encode(`[${all.map((one) => JSON.stringify(one)).join('\n,')}]`)] as const
  }),
  fc.array(fc.dictionary(word, word, { maxKeys: 3 }), { maxLength: 5 }).map((all) => {
    return [AWS, joinedBytes(all.map((one) => eventFrame('é', one)))] as const
  }),
)

it('reads the same however the bytes are cut', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(), { maxLength: 30 }), ([type, bytes], cuts) => {
      const whole = outcome(() => readCut(type, bytes))
      expect(outcome(() => readCut(type, bytes, cuts))).toEqual(whole)
      const each = Array.from(bytes, (_, at) => at)
      expect(outcome(() => readCut(type, bytes, each))).toEqual(whole)
    }),
  )
})

/** What is too long may be told sooner or later, but is told. */
function outcome(read: () => ServerEvent[]): unknown {
  try {
    return read()
  } catch (error) {
    return String(error)
  }
}
