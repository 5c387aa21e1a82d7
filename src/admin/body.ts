import { joinBytes } from '../lib/join-bytes.ts'
import { decodeForm, type Members } from './form.ts'
import { parseMultipart } from './multipart.ts'
import { parseArguments } from './query.ts'
import { Refusal } from './reply.ts'

/** A request's body, decoded as its content type asks. Text of a form is not yet typed. */
export type Payload =
  | { readonly kind: 'json'; readonly value: Members }
  | { readonly kind: 'form'; readonly value: Members }
  | { readonly kind: 'yaml'; readonly text: string }

/** The largest body taken, as Kong's nginx does by default. */
export const MAX_BODY = 10 * 1024 * 1024
const MAX_DEPTH = 128
/** What one entity may hold: millions of values would hold up traffic for a second. */
const MAX_VALUES = 50_000
/** What stands for no body at all. */
export const EMPTY: Payload = { kind: 'json', value: {} }

type Form = 'json' | 'urlencoded' | 'multipart' | 'yaml'

// Kong compares the start of the header, case and all: `application/jsonx` passes.
const FORMS: readonly (readonly [prefix: string, form: Form])[] = [
  ['application/json', 'json'],
  ['multipart/form-data', 'multipart'],
  ['application/x-www-form-urlencoded', 'urlencoded'],
  ['application/yaml', 'yaml'],
  ['text/yaml', 'yaml'],
]

/**
 * Reads the body of a POST, PUT or PATCH; throws a Refusal for one that cannot be taken.
 * A `document` is a whole configuration: it may be YAML, and of any number of values.
 */
export async function readPayload(request: Request, document: boolean): Promise<Payload> {
  const contentType = request.headers.get('content-type')
  const form = contentType === null ? undefined : formOf(contentType, document)
  const text = decodeUtf8(await readBytes(request))
  if (contentType === null || form === undefined) {
    if (text === '') return EMPTY
    throw new Refusal(415, 'Unsupported media type')
  }
  if (form === 'json') return { kind: 'json', value: parseJsonObject(text, document) }
  if (form === 'yaml') return { kind: 'yaml', text }
  const args = form === 'multipart' ? parseMultipart(text, contentType) : parseArguments(text)
  return { kind: 'form', value: decodeForm(args) }
}

function formOf(contentType: string, acceptsYaml: boolean): Form {
  if (/,\s*[\w.+-]+\/[\w.+-]+/.test(contentType)) {
    throw new Refusal(400, 'Multiple Content-Type headers not allowed', true)
  }
  const form = FORMS.find(([prefix]) => contentType.startsWith(prefix))?.[1]
  if (form === undefined || (form === 'yaml' && !acceptsYaml)) {
    throw new Refusal(415, 'Unsupported media type')
  }
  return form
}

/** Reads no more than the limit, so that an endless body ends here. */
async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY) throw tooLarge()
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Refusal(400, 'Cannot read body')
    })
    if (done) return joinBytes(chunks)
    length += value.length
    if (length > MAX_BODY) {
      void reader.cancel().catch(() => undefined) // the sender may be gone: nothing to tell it
      throw tooLarge()
    }
    chunks.push(value)
  }
}

function tooLarge(): Refusal {
  return new Refusal(413, 'Payload too large')
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal(400, 'Cannot parse body: invalid UTF-8')
  }
}

/** An object; Kong takes `[]` for an empty one. */
function parseJsonObject(text: string, document: boolean): Members {
  const value = parseJson(text, document ? Number.POSITIVE_INFINITY : MAX_VALUES)
  if (Array.isArray(value) && value.length === 0) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notJson()
  return value as Members // an object that is no array and not null
}

function parseJson(text: string, maxValues: number): unknown {
  if (!isModest(text, maxValues)) throw notJson()
  try {
    return JSON.parse(text)
  } catch {
    throw notJson()
  }
}

function notJson(): Refusal {
  return new Refusal(400, 'Cannot parse JSON body')
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

/** Whether brackets nest no deeper, and commas part no more values, than allowed. */
function isModest(text: string, maxValues: number): boolean {
  let depth = 0
  let values = 1
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === QUOTE) i = endOfString(text, i)
    else if (char === COMMA) values++
    else if (OPENING.has(char)) depth++
    else if (CLOSING.has(char)) depth--
    if (depth > MAX_DEPTH || values > maxValues) return false
  }
  return true
}

/** Where the string that begins here ends. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  }
  return at
}
