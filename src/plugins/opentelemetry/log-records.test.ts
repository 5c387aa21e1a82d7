import { expect, it } from 'vitest'
import { attributesIn, fieldOf, inProto } from '../../../test/logs/read-protobuf.ts'
import { fakeRuntime } from '../../../test/proxy/fakes.ts'
import { toHex } from '../../lib/hex.ts'
import { withLogLines } from '../../pdk/log-lines.ts'
import type { Queue } from '../../pdk/queue.ts'
import { encodeLogLine, exportLogLines } from './log-records.ts'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

it.each([
  ['debug', 5, 'DEBUG'],
  ['info', 9, 'INFO'],
  ['notice', 11, 'NOTICE'],
  ['warn', 13, 'WARN'],
  ['error', 17, 'ERR'],
  ['crit', 19, 'CRIT'],
] as const)('writes a line of level %s as %i, %s', (level, number, word) => {
  const fields = { requestId: 'r', error: new Error('why'), tries: 2, late: true, none: undefined }
  const bytes = encodeLogLine({ level, message: 'Cannot', fields }, 1.5)
  expect(fieldOf(bytes, 1).number).toBe(1_500_000n)
  expect(fieldOf(bytes, 11).number).toBe(1_500_000n)
  expect(Number(fieldOf(bytes, 2).number)).toBe(number)
  expect(text(inProto(bytes, 3))).toBe(word)
  expect(text(inProto(bytes, 5, 1))).toBe('Cannot')
  expect(attributesIn(bytes, 6)).toEqual({ 'request.id': 'r', error: 'why', tries: 2, late: true })
})

it('exports lines, but none about a queue, until it is told to stop', () => {
  const added: Uint8Array[] = []
  const queue: Queue<Uint8Array> = {
    add: (entry) => void added.push(entry),
    close: async () => {},
    waiting: 0,
    dropped: 0,
  }
  const { runtime, logs } = withLogLines(fakeRuntime())
  const trace = { traceId: '0a'.repeat(16), rootId: '0b'.repeat(8), sampled: true }
  const traceOf = (id: string) => (id === 'r1' ? trace : undefined)
  const stop = exportLogLines({ runtime, logs }, { queue, traceOf })
  runtime.log('warn', 'Careful', { requestId: 'r1' })
  runtime.log('warn', 'Of another', { requestId: 'r2' })
  runtime.log('error', 'queue at 80% capacity', { queue: 'opentelemetry 1' })
  stop()
  runtime.log('warn', 'Unheard')
  expect(added.map((bytes) => text(inProto(bytes, 5, 1)))).toEqual(['Careful', 'Of another'])
  const ids = added.map((bytes) => [9, 10].map((field) => toHex(inProto(bytes, field))))
  expect(ids).toEqual([
    [trace.traceId, trace.rootId],
    ['', ''],
  ])
  expect(added.map((bytes) => fieldOf(bytes, 8).number)).toEqual([1n, 0n])
})
