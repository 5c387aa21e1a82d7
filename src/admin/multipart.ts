import { type Argument, MAX_ARGUMENTS, tooMany } from './query.ts'
import { Refusal } from './reply.ts'

/** Reads a multipart body's parts as arguments; a file is its text. */
export function parseMultipart(text: string, contentType: string): Argument[] {
  // Kong: no body at all is an empty form, whatever the header says.
  if (text === '') return []
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) throw new Refusal(400, 'Cannot parse multipart body')
  const found: Argument[] = []
  let parts = 0
  for (const part of partsOf(text, boundary)) {
    if (++parts > MAX_ARGUMENTS) throw tooMany()
    const name = nameOf(part)
    if (name !== undefined) found.push([name, contentOf(part)])
  }
  return found
}

function boundaryOf(contentType: string): string | undefined {
  const [, quoted, token] = /;\s*boundary=(?:"([^"]+)"|([^;\s,"]+))/i.exec(contentType) ?? []
  return quoted ?? token
}

/** What stands between two delimiter lines, head and content. */
function* partsOf(text: string, boundary: string): Generator<string> {
  const delimiter = `\r\n--${boundary}`
  const body = `\r\n${text}`
  let start = body.indexOf(delimiter)
  while (start !== -1) {
    start += delimiter.length
    if (body.startsWith('--', start)) return
    const end = body.indexOf(delimiter, start)
    if (end === -1) return
    yield body.slice(start, end)
    start = end
  }
}

function headOf(part: string): string {
  const end = part.indexOf('\r\n\r\n')
  return end === -1 ? part : part.slice(0, end)
}

function nameOf(part: string): string | undefined {
  const line = headOf(part)
    .split('\r\n')
    .find((header) => /^content-disposition:/i.test(header))
  const [, quoted, token] = /[;\s]name=(?:"([^"]*)"|([^;\s"]+))/i.exec(line ?? '') ?? []
  const name = quoted ?? token
  return name === '' ? undefined : name
}

function contentOf(part: string): string {
  const end = part.indexOf('\r\n\r\n')
  return end === -1 ? '' : part.slice(end + 4)
}
