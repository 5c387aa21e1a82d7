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
const EMPTY: Payload = { kind: 'json', value: {} }

type Form = 'json' | 'urlencoded' | 'multipart' | 'yaml'

// Kong compares the start of the header, case and all: `application/jsonx` passes.
const FORMS: readonly (readonly [prefix: string, form: Form])[] = [
  ['application/json', 'json'],
  ['multipart/form-data', 'multipart'],
  ['application/x-www-form-urlencoded', 'urlencoded'],
  ['application/yaml', 'yaml'],
  ['text/yaml', 'yaml'],
]

/** Reads the body of a POST, PUT or PATCH; throws a Refusal for one that cannot be taken. */
export async function readPayload(request: Request, acceptsYaml: boolean): Promise<Payload> {
  const contentType = request.headers.get('content-type')
  const form = contentType === null ? undefined : formOf(contentType, acceptsYaml)
  const text = decodeUtf8(await readBytes(request))
  if (contentType === null || form === undefined) {
    if (text === '') return EMPTY
    throw new Refusal(415, 'Unsupported media type')
  }
  if (form === 'json') return { kind: 'json', value: parseJsonObject(text) }
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
    if (done) return joined(chunks, length)
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

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal(400, 'Cannot parse body: invalid UTF-8')
  }
}

/** An object; Kong takes `[]` for an empty one. */
function parseJsonObject(text: string): Members {
  const value = parseJson(text)
  if (Array.isArray(value) && value.length === 0) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notJson()
  return value as Members // an object that is no array and not null
}

function parseJson(text: string): unknown {
  if (!isShallow(text)) throw notJson()
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

/** Whether brackets nest no deeper than allowed; strings are skipped. */
function isShallow(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (quoted) {
      if (char === BACKSLASH) i++
      else if (char === QUOTE) quoted = false
    } else if (char === QUOTE) quoted = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > MAX_DEPTH) return false
    } else if (char === 0x7d || char === 0x5d) depth--
  }
  return true
}
