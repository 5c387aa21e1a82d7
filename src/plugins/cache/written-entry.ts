import { decodeBase64, encodeBase64 } from '../../lib/base64.ts'
import type { KeptAnswer } from './kept-answer.ts'

/** Stands in the KV where answers vary: by what, and how the keys of the present ones begin. */
export interface WrittenFork {
  readonly names: readonly string[]
  readonly prefix: string
  readonly latest: string
}

/** What a value of the KV holds. */
export type Entry = { readonly answer: KeptAnswer } | { readonly fork: WrittenFork }

/** Whose answer it is, and what clients call it. Its key says both. */
export type Spot = Pick<KeptAnswer, 'pluginId' | 'name'>

/** An answer as a value of the KV. */
export function writtenAnswer({ pluginId, name, body, ...answer }: KeptAnswer): string {
  return JSON.stringify({ answer, body: encodeBase64(body ?? new Uint8Array()) })
}

/** A fork as a value of the KV. */
export function writtenFork(fork: WrittenFork): string {
  return JSON.stringify({ fork })
}

/** Reads either; undefined for what neither wrote. */
export function readEntry(text: string | undefined, spot: Spot): Entry | undefined {
  const value = text === undefined ? undefined : parsed(text)
  if (!isRecord(value)) return undefined
  const { answer, body, fork } = value
  if (isRecord(fork)) return readFork(fork)
  const bytes = typeof body === 'string' ? decodeBase64(body) : undefined
  if (!isRecord(answer) || bytes === undefined) return undefined
  const { status, headers, storedAt, age, ttl, until, strict } = answer
  if (!isNumber(status) || !isNumber(storedAt) || !isNumber(age)) return undefined
  if (!isNumber(ttl) || !isNumber(until) || !isTexts(headers)) return undefined
  // Written out: on every hit, and spreading objects costs microseconds.
  const { pluginId, name } = spot
  const isStrict = strict !== false
  const made = {
    pluginId,
    name,
    status,
    headers,
    body: bytes,
    storedAt,
    age,
    ttl,
    until,
    strict: isStrict,
  }
  return { answer: made }
}

function readFork({ names, prefix, latest }: Partial<Record<string, unknown>>): Entry | undefined {
  const isFork = isTexts(names) && typeof prefix === 'string' && typeof latest === 'string'
  return isFork ? { fork: { names, prefix, latest } } : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
