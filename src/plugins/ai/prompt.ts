import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitJson } from '../../pdk/exit.ts'
import { type JsonObject, parseObject } from './json-reading.ts'

/** Under which the body lies that an AI plugin before has made. */
const REPLACED = {}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** The request's body as the AI plugins before left it; undefined when it is longer than `limit` bytes. */
export async function readText(exchange: Exchange, limit: number): Promise<string | undefined> {
  const replaced = exchange.shared.get(REPLACED)
  if (typeof replaced === 'string') return replaced
  const bytes = await exchange.request.readBody(limit)
  return bytes === undefined ? undefined : decoder.decode(bytes)
}

/** The same as a JSON object; undefined for anything else. */
export async function readPrompt(
  exchange: Exchange,
  limit: number,
): Promise<JsonObject | undefined> {
  const type = exchange.request.headers.get('content-type') ?? 'application/json'
  if (!type.toLowerCase().includes('application/json')) return undefined
  const text = await readText(exchange, limit)
  return text === undefined ? undefined : parseObject(text)
}

/** Replaces the body, for the upstream and for the AI plugins behind. */
export function replaceText({ shared, upstream }: Exchange, text: string): void {
  shared.set(REPLACED, text)
  upstream.setBody(encoder.encode(text))
}

/** The same by a JSON object. */
export function replacePrompt(exchange: Exchange, body: JsonObject): void {
  replaceText(exchange, JSON.stringify(body))
  exchange.upstream.headers.set('Content-Type', 'application/json')
}

/** How every AI plugin refuses. */
export function refuse(status: number, message: string): Exit {
  return exitJson(status, { error: { message } })
}

/** How many bytes of a body are read when the configuration does not say. */
export const PROMPT_LIMIT = 8192
