import { checksum } from './checksum.ts'

const LINE_FEED = 10
const PREFIX = 9

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** One line of a log: its checksum, a space and JSON text, which never holds a line feed. */
export function encodeLine(json: string): Uint8Array {
  const body = encoder.encode(json)
  const line = new Uint8Array(PREFIX + body.length + 1)
  line.set(encoder.encode(`${checksum(body).toString(16).padStart(8, '0')} `))
  line.set(body, PREFIX)
  line[line.length - 1] = LINE_FEED
  return line
}

/** Several lines as one piece of bytes. */
export function encodeLines(jsons: Iterable<string>): Uint8Array {
  const lines = Array.from(jsons, encodeLine)
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0))
  let at = 0
  for (const line of lines) {
    bytes.set(line, at)
    at += line.length
  }
  return bytes
}

/** What the bytes of a log held. */
export interface ReadLines {
  readonly records: readonly unknown[]
  /** Where the last good line ends. */
  readonly end: number
  /** The number of the first bad line that something follows; a bad last line is only torn. */
  readonly damaged: number | undefined
}

/** Reads lines up to the first bad one. */
export function readLines(bytes: Uint8Array): ReadLines {
  const records: unknown[] = []
  let start = 0
  while (start < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, start)
    const record = feed === -1 ? undefined : decodeLine(bytes, start, feed)
    if (record === undefined) {
      const last = feed === -1 || feed === bytes.length - 1
      return { records, end: start, damaged: last ? undefined : records.length + 1 }
    }
    records.push(record.value)
    start = feed + 1
  }
  return { records, end: start, damaged: undefined }
}

function decodeLine(bytes: Uint8Array, start: number, end: number): { value: unknown } | undefined {
  if (end - start < PREFIX) return undefined
  try {
    const sum = decoder.decode(bytes.subarray(start, start + PREFIX))
    if (
      sum !==
      `${checksum(bytes, start + PREFIX, end)
        .toString(16)
        .padStart(8, '0')} `
    )
      return
    return { value: JSON.parse(decoder.decode(bytes.subarray(start + PREFIX, end))) }
  } catch {
    return undefined
  }
}
