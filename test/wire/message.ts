import { Buffer } from 'node:buffer'
import type { ByteReader } from './byte-reader.ts'

/** A header as it stood on the wire, one char a byte. */
export type Pair = readonly [name: string, value: string]

/** A message's first line and headers. */
export interface Head {
  readonly start: string
  readonly headers: readonly Pair[]
}

/** A body as it came. */
export interface Body {
  readonly bytes: Buffer
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
  readonly trailers: readonly Pair[]
}

/** Something two parsers could read in two ways. */
export class Ambiguous extends Error {}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const CHUNK = /^[0-9a-fA-F]{1,8}\r\n$/

/** Reads a head and holds it to the letter of RFC 9112. */
export async function readHead(reader: ByteReader): Promise<Head> {
  const start = endless(await reader.line())
  const headers = await readFields(reader)
  return { start, headers }
}

async function readFields(reader: ByteReader): Promise<Pair[]> {
  const fields: Pair[] = []
  for (;;) {
    const line = endless(await reader.line())
    if (line === '') return fields
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    if (colon < 1 || !NAME.test(name)) throw new Ambiguous(`header line ${JSON.stringify(line)}`)
    fields.push([name, line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')])
  }
}

/** A line without its CRLF. */
function endless(line: string): string {
  if (!line.endsWith('\r\n')) throw new Ambiguous(`bare line feed in ${JSON.stringify(line)}`)
  const text = line.slice(0, -2)
  if (!VALUE.test(text)) throw new Ambiguous(`control in ${JSON.stringify(text)}`)
  return text
}

/** All values of a header, in their order. */
export function valuesOf(headers: readonly Pair[], name: string): string[] {
  const lower = name.toLowerCase()
  return headers.filter(([key]) => key.toLowerCase() === lower).map(([, value]) => value)
}

/** How a message says its body ends. */
export function framingOf({ headers }: Head): number | 'chunked' | undefined {
  const lengths = valuesOf(headers, 'content-length')
  const codings = valuesOf(headers, 'transfer-encoding')
  const [length] = lengths
  if (lengths.length > 1 || (length !== undefined && !/^\d{1,15}$/.test(length))) {
    throw new Ambiguous(`lengths ${JSON.stringify(lengths)}`)
  }
  if (codings.length > 1 || (codings.length === 1 && codings[0] !== 'chunked')) {
    throw new Ambiguous(`codings ${JSON.stringify(codings)}`)
  }
  if (length !== undefined && codings.length > 0) throw new Ambiguous('length and coding')
  if (codings.length > 0) return 'chunked'
  return length === undefined ? undefined : Number(length)
}

const NO_BODY: Body = { bytes: Buffer.alloc(0), framing: 'none', trailers: [] }

/** Reads a body; one without length or coding is empty, or goes to the end of the connection. */
export async function readBody(
  reader: ByteReader,
  head: Head,
  without: 'none' | 'close',
): Promise<Body> {
  const framing = framingOf(head)
  if (framing === 'chunked') return readChunks(reader)
  if (framing !== undefined) {
    return { bytes: await reader.take(framing), framing: 'length', trailers: [] }
  }
  if (without === 'none') return NO_BODY
  return { bytes: await reader.rest(), framing: 'close', trailers: [] }
}

async function readChunks(reader: ByteReader): Promise<Body> {
  const chunks: Buffer[] = []
  for (;;) {
    const line = await reader.line()
    if (!CHUNK.test(line)) throw new Ambiguous(`chunk line ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16)
    if (size === 0) break
    chunks.push(await reader.take(size))
    if ((await reader.line()) !== '\r\n') throw new Ambiguous('chunk without its end')
  }
  return { bytes: Buffer.concat(chunks), framing: 'chunked', trailers: await readFields(reader) }
}

/** Bytes in one chunk each, as a chunked body. */
export function chunked(pieces: readonly (string | Buffer)[], trailers = ''): Buffer {
  const parts: Buffer[] = []
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    parts.push(Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n'))
  }
  parts.push(Buffer.from(`0\r\n${trailers}\r\n`, 'latin1'))
  return Buffer.concat(parts)
}
