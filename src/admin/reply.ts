/** What a handler answers: a status and, but for 204 and 304, a body to encode. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
  /** Text sent as it stands instead of JSON. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Ends a request early with a plain reply; for what is wrong before an entity is looked at. */
export class Refusal extends Error {
  readonly reply: Reply

  constructor(status: number, message: string, plain = false) {
    super(message)
    this.name = 'Refusal'
    this.reply = plain ? { status, text: message } : { status, body: { message } }
  }
}

/** A JSON reply. */
export function json(body: unknown, status = 200): Reply {
  return { status, body }
}

/** A reply of one message, as Kong's plain errors are. */
export function message(status: number, text: string): Reply {
  return { status, body: { message: text } }
}

/** The answer to a path or an entity that is not there. */
export const NOT_FOUND: Reply = message(404, 'Not found')

/** The answer to a success that has nothing to show. */
export const NO_CONTENT: Reply = { status: 204 }

/** JSON as Kong prints it: `/` and DEL are escaped, other text is raw UTF-8. */
export function encodeJson(value: unknown): string {
  // Both can only stand inside strings, so the text may be rewritten as a whole.
  return JSON.stringify(value).replaceAll('/', '\\/').replaceAll('\u007f', '\\u007f')
}

/** The reply as a Response, framed; other headers are the caller's. */
export function toResponse(reply: Reply, headers: Headers): Response {
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers.set(name, value)
  const text = reply.text ?? (reply.body === undefined ? undefined : encodeJson(reply.body))
  if (text === undefined) return new Response(null, { status: reply.status, headers })

  const bytes = new TextEncoder().encode(text)
  headers.set(
    'Content-Type',
    reply.text === undefined ? 'application/json; charset=utf-8' : 'text/plain; charset=UTF-8',
  )
  headers.set('Content-Length', String(bytes.length))
  return new Response(bytes, { status: reply.status, headers })
}
