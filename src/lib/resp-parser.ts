import type { Reply } from './resp.ts'
import { createRespInput, type RespInput } from './resp-input.ts'
import { isLength, readLine } from './resp-line.ts'

/** What a reply may be; more is no reply but an attack, or a key nobody should read at once. */
export interface RespLimits {
  /** Bytes of one whole reply. */
  readonly maxBytes?: number
  /** Values of one whole reply, those within lists counted each. */
  readonly maxValues?: number
  readonly maxDepth?: number
  /** Gives texts as bytes. */
  readonly bytes?: boolean
}

/** Reads replies of RESP2 and RESP3, however their bytes are cut. */
export interface RespParser {
  /** Gives the replies that are whole by now. Keeps hold of the bytes. */
  feed(bytes: Uint8Array): readonly Reply[]
  /** Why what came is no RESP, or too much; nothing is read from then on. */
  readonly broken: string | undefined
}

/** A list or map that is not whole yet. */
interface OpenList {
  readonly mark: string
  readonly count: number
  readonly items: Reply[]
}

interface Reading {
  readonly input: RespInput
  readonly limits: Required<RespLimits>
  readonly open: OpenList[]
  readonly replies: Reply[]
  /** Bytes of the text that is next, and what it is; undefined for a line. */
  text: { readonly mark: string; readonly length: number } | undefined
  /** What is left of the limits for this reply. */
  bytesLeft: number
  valuesLeft: number
  broken: string | undefined
}

/** Makes a parser for one connection. */
export function createRespParser(limits: RespLimits = {}): RespParser {
  const {
    maxBytes = 16 * 1024 * 1024,
    maxValues = 1_000_000,
    maxDepth = 16,
    bytes = false,
  } = limits
  const reading: Reading = {
    input: createRespInput(),
    limits: { maxBytes, maxValues, maxDepth, bytes },
    open: [],
    replies: [],
    text: undefined,
    bytesLeft: maxBytes,
    valuesLeft: maxValues,
    broken: undefined,
  }
  return {
    feed(bytes) {
      if (reading.broken !== undefined) return []
      reading.input.add(bytes)
      while (step(reading)) {}
      return reading.replies.splice(0)
    },
    get broken() {
      return reading.broken
    },
  }
}

/** Reads one line or text; false when there is none, or none to come. */
function step(reading: Reading): boolean {
  const { input, text } = reading
  if (text !== undefined) return readText(reading, text)
  const line = input.takeLine(Math.min(MOST_LINE, reading.bytesLeft))
  if (line === undefined) return false
  if (line === 'too long') return fail(reading, 'A line is too long')
  reading.bytesLeft -= line.length + 2
  const mark = line.charAt(0)
  if (isLength(mark)) return readLength(reading, mark, line.slice(1))
  const value = readLine(mark, line.slice(1))
  if (value === undefined) return fail(reading, `Cannot read "${line.slice(0, 40)}"`)
  return give(reading, value)
}

/** Redis' own limit for a line. */
const MOST_LINE = 64 * 1024

function readLength(reading: Reading, mark: string, digits: string): boolean {
  if (digits === '-1' && (mark === '$' || mark === '*')) return give(reading, null)
  if (!/^\d{1,10}$/.test(digits))
    return fail(reading, `Cannot read length "${digits.slice(0, 40)}"`)
  const length = Number(digits)
  return LISTS.has(mark) ? openList(reading, mark, length) : openText(reading, mark, length)
}

/** Lists, sets, pushes, maps and attributes; other lengths are of texts. */
const LISTS = new Set(['*', '~', '>', '%', '|'])

function openText(reading: Reading, mark: string, length: number): boolean {
  if (length + 2 > reading.bytesLeft) return fail(reading, 'A reply is too long')
  reading.bytesLeft -= length + 2
  reading.text = { mark, length }
  return true
}

function openList(reading: Reading, mark: string, length: number): boolean {
  const count = mark === '%' || mark === '|' ? length * 2 : length
  if (count > reading.valuesLeft) return fail(reading, 'A reply has too many values')
  reading.valuesLeft -= count
  if (reading.open.length >= reading.limits.maxDepth) return fail(reading, 'A reply is too deep')
  reading.open.push({ mark, count, items: [] })
  return count > 0 || closeLists(reading)
}

function readText(reading: Reading, { mark, length }: { mark: string; length: number }): boolean {
  const taken = reading.input.takeText(length)
  if (taken === undefined) return false
  if (taken === 'unended') return fail(reading, 'A text is longer than it says')
  reading.text = undefined
  if (mark === '!') return give(reading, { error: decode(taken) })
  // RESP3: three letters and a colon tell what kind of text follows.
  const value = mark === '=' ? taken.subarray(4) : taken
  // A slice of a runtime's own kind of bytes may be a view of them; this is a copy.
  return give(reading, reading.limits.bytes ? new Uint8Array(value) : decode(value))
}

// A byte order mark is a byte like others here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

function give(reading: Reading, value: Reply): boolean {
  const list = reading.open.at(-1)
  if (list === undefined) {
    reading.replies.push(value)
    reading.bytesLeft = reading.limits.maxBytes
    reading.valuesLeft = reading.limits.maxValues
    return true
  }
  list.items.push(value)
  return closeLists(reading)
}

/** Closes the lists that are whole with this value; always true. */
function closeLists(reading: Reading): boolean {
  const list = reading.open.at(-1)
  if (list === undefined || list.items.length < list.count) return true
  reading.open.pop()
  // An attribute tells of the value after it, which is the reply.
  return list.mark === '|' ? true : give(reading, closed(list))
}

function closed({ mark, items }: OpenList): Reply {
  if (mark === '>') return { push: items }
  if (mark !== '%') return items
  const pairs = Array.from({ length: items.length / 2 }, (_, i) => {
    const [key = null, value = null] = items.slice(i * 2, i * 2 + 2)
    return [key, value] as const
  })
  return { map: pairs }
}

function fail(reading: Reading, reason: string): false {
  reading.broken = reason
  return false
}
