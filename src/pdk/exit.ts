import type { Body } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'

/** An answer a plugin ends a request with. */
export interface Exit {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Body | undefined
  /** Told in the form the client reads (`Accept`), with the request's id, in place of a body. */
  readonly message?: string
  /** Trailers, read after the body's end. */
  readonly trailers?: () => HeaderList
}

const encoder = new TextEncoder()

/** Refuses as Kong's error formatter does: JSON, HTML, XML, plain text or gRPC, by what the client accepts. */
export function refusal(status: number, message: string, headers: HeaderList = []): Exit {
  return { status, headers, body: undefined, message }
}

/** Ends with a JSON value. */
export function exitJson(status: number, value: unknown, headers: HeaderList = []): Exit {
  const typed = ['Content-Type', 'application/json; charset=utf-8', ...headers]
  return { status, headers: typed, body: encoder.encode(JSON.stringify(value)) }
}

/** Ends with a body as it is, or without one. */
export function exitWith(
  status: number,
  { body, headers = [] }: { readonly body?: Body | string; readonly headers?: HeaderList } = {},
): Exit {
  return { status, headers, body: typeof body === 'string' ? encoder.encode(body) : body }
}
