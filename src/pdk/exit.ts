import type { Body } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import { isObject } from '../schema/field.ts'

/** An answer a plugin ends a request with. */
export interface Exit {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Body | undefined
  /** Told in the form the client reads (`Accept`), with the request's id, in place of a body. */
  readonly message?: string
  /** The body is made of a value: gRPC clients get its message in a header, and no body. */
  readonly table?: { readonly message?: string }
  /** The service gave it before: the client is told what it is told of a proxied answer. */
  readonly kept?: true
  /** Nobody's answer: a plugin has failed, which other plugins are told. */
  readonly failed?: true
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
  const body = encoder.encode(JSON.stringify(value))
  return { status, headers: typed, body, table: { ...messageIn(value) } }
}

/** Kong: what fails in a plugin's access is told in JSON, without an id, whatever the client reads. */
export const UNEXPECTED: Exit = {
  ...exitJson(500, { message: 'An unexpected error occurred' }),
  failed: true,
}

/** What fails in other phases is told in the form the client reads. */
export const FAILED: Exit = { ...refusal(500, 'An unexpected error occurred'), failed: true }

function messageIn(value: unknown): { readonly message?: string } {
  const message = isObject(value) ? value.message : undefined
  return typeof message === 'string' ? { message } : {}
}

/** Ends with a body as it is, or without one. */
export function exitWith(
  status: number,
  { body, headers = [] }: { readonly body?: Body | string; readonly headers?: HeaderList } = {},
): Exit {
  return { status, headers, body: typeof body === 'string' ? encoder.encode(body) : body }
}
