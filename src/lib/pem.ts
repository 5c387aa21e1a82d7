import { encodeBase64 } from './base64.ts'

/** One block of a PEM text. */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`. */
  readonly label: string
  /** Whether its headers say that the content is encrypted. */
  readonly encrypted: boolean
  readonly content: Uint8Array
}

const BEGIN = '-----BEGIN '
const DASHES = '-----'

/** Longer than any certificate or key anyone uses. */
const LONGEST = 1_000_000

/** The whole blocks of a text, in order; what stands around them, and broken ones, are passed over. */
export function readPem(text: string): PemBlock[] {
  const blocks: PemBlock[] = []
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + BEGIN.length)) {
    const block = atLineStart(text, at) ? readBlock(text, at + BEGIN.length) : undefined
    if (block !== undefined) blocks.push(block)
  }
  return blocks
}

/** Bytes as one block, the base64 in lines of 64 characters. */
export function writePem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? []
  return `${BEGIN}${label}${DASHES}\n${lines.join('\n')}\n-----END ${label}${DASHES}\n`
}

function atLineStart(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r'
}

function readBlock(text: string, start: number): PemBlock | undefined {
  const next = text.indexOf(BEGIN, start)
  // The search ends at the next block, so that many unfinished ones cost no more than their length.
  const own = text.slice(start, next < 0 ? undefined : next)
  const labelEnd = own.indexOf(DASHES)
  const label = own.slice(0, Math.max(labelEnd, 0))
  const bodyEnd = own.indexOf(`\n-----END ${label}-----`, labelEnd)
  if (!/^[A-Z0-9 ]{1,64}$/.test(label) || bodyEnd < 0 || bodyEnd > LONGEST) return undefined

  const { headers, body } = splitHeaders(own.slice(labelEnd + DASHES.length, bodyEnd))
  const content = decodeBase64(body)
  return content && { label, encrypted: /^Proc-Type:.*ENCRYPTED/m.test(headers), content }
}

/** Older key files have `Name: value` lines and an empty one before the content. */
function splitHeaders(text: string): { headers: string; body: string } {
  if (!text.includes(':')) return { headers: '', body: text }
  const end = /\r?\n[ \t]*\r?\n/.exec(text.trimStart())
  if (end === null) return { headers: text, body: '' }
  const trimmed = text.trimStart()
  return { headers: trimmed.slice(0, end.index), body: trimmed.slice(end.index) }
}

function decodeBase64(text: string): Uint8Array | undefined {
  const packed = text.replace(/\s+/g, '')
  if (packed === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return undefined
  try {
    return Uint8Array.from(atob(packed), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}
