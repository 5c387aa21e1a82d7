import { fromByteString, toByteString } from './byte-string.ts'

/** A part of a multipart body; its texts have one char a byte. */
export interface Part {
  /** The form field's name, as text; undefined for a part that is none. */
  readonly name: string | undefined
  /** The lines of its head, without the empty one behind them. */
  readonly head: string
  readonly body: string
}

const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i

/** The boundary that a Content-Type names; undefined when it names none. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, bare] = BOUNDARY.exec(contentType) ?? []
  return quoted ?? bare
}

/** The same Content-Type with another boundary. */
export function withBoundary(contentType: string, boundary: string): string {
  return contentType.replace(BOUNDARY, `; boundary=${boundary}`)
}

/** Reads a body of one char a byte; undefined when it is broken. What stands around the parts is dropped. */
export function readMultipart(body: string, boundary: string): Part[] | undefined {
  const parts: Part[] = []
  // The first boundary needs no line before it.
  const text = `\r\n${body}`
  const delimiter = `\r\n--${boundary}`
  let start = lineAfter(text, delimiter, 0)
  while (start !== undefined && !start.last) {
    const next = lineAfter(text, delimiter, start.end - 2)
    if (next === undefined) return undefined
    const part = partOf(text.slice(start.end, Math.max(start.end, next.at)))
    if (part === undefined) return undefined
    parts.push(part)
    start = next
  }
  return start === undefined ? undefined : parts
}

/** Writes parts. */
export function writeMultipart(parts: readonly Part[], boundary: string): string {
  const written = parts.map(({ head, body }) => `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`)
  return `${written.join('')}--${boundary}--\r\n`
}

/** A part that is a form field with a text. */
export function simplePart(name: string, body: string): Part {
  const quoted = toByteString(name).replace(/["\r\n]/g, (char) => QUOTED.get(char) ?? '')
  return { name, head: `Content-Disposition: form-data; name="${quoted}"`, body }
}

/** What browsers write in a name instead. */
const QUOTED: ReadonlyMap<string, string> = new Map([
  ['"', '%22'],
  ['\r', '%0D'],
  ['\n', '%0A'],
])

interface DelimiterLine {
  readonly at: number
  readonly end: number
  readonly last: boolean
}

const REST_OF_LINE = /(--)?[ \t]*(?:\r\n|$)/y

function lineAfter(text: string, delimiter: string, from: number): DelimiterLine | undefined {
  for (let at = text.indexOf(delimiter, from); at >= 0; at = text.indexOf(delimiter, at + 1)) {
    REST_OF_LINE.lastIndex = at + delimiter.length
    const rest = REST_OF_LINE.exec(text)
    // Without it the boundary is only the beginning of a line.
    if (rest === null) continue
    return { at, end: REST_OF_LINE.lastIndex, last: rest[1] !== undefined }
  }
  return undefined
}

function partOf(text: string): Part | undefined {
  if (text.startsWith('\r\n')) return { name: undefined, head: '', body: text.slice(2) }
  const blank = text.indexOf('\r\n\r\n')
  if (blank < 0) return undefined
  const head = text.slice(0, blank)
  return { name: nameIn(head), head, body: text.slice(blank + 4) }
}

const DISPOSITION = /^content-disposition:[ \t]*form-data/im
const PARAMETER = /[ \t]*;[ \t]*([\w*-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/y

function nameIn(head: string): string | undefined {
  const found = DISPOSITION.exec(head)
  if (found === null) return undefined
  PARAMETER.lastIndex = found.index + found[0].length
  for (let one = PARAMETER.exec(head); one !== null; one = PARAMETER.exec(head)) {
    const [, name = '', quoted, bare = ''] = one
    if (name.toLowerCase() === 'name') return fromByteString(unquoted(quoted) ?? bare)
  }
  return undefined
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/g, '$1')
}
