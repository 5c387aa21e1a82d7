import { joinBytes } from './join-bytes.ts'

/** A word of a Redis command; numbers are written as decimal text. */
export type RespWord = string | number | bigint | Uint8Array

/** What Redis answers. Texts come as bytes where the parser was asked for them. */
export type Reply =
  | string
  | number
  /** Integers that no number holds exactly. */
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly Reply[]
  | RespError
  | RespMap
  | RespPush

/** A refusal, such as `NOSCRIPT No matching script`. */
export interface RespError {
  readonly error: string
}

/** A map of RESP3: pairs, since any reply may be a key. */
export interface RespMap {
  readonly map: readonly (readonly [Reply, Reply])[]
}

/** What RESP3 sends without being asked. */
export interface RespPush {
  readonly push: readonly Reply[]
}

/** Whether a reply says that the command was refused. */
export function isRespError(reply: Reply): reply is RespError {
  return typeof reply === 'object' && reply !== null && 'error' in reply
}

/** Whether a reply answers no command. */
export function isRespPush(reply: Reply): reply is RespPush {
  // Lists have a push as well.
  return typeof reply === 'object' && reply !== null && !Array.isArray(reply) && 'push' in reply
}

const encoder = new TextEncoder()
const END = encoder.encode('\r\n')

/** A command as both protocols write it: an array of bulk strings. */
export function encodeCommand(words: readonly RespWord[]): Uint8Array {
  if (words.every((word) => !(word instanceof Uint8Array))) return encodeTexts(words)
  const parts: Uint8Array[] = [encoder.encode(`*${words.length}\r\n`)]
  for (const word of words) {
    const bytes = word instanceof Uint8Array ? word : encoder.encode(String(word))
    parts.push(encoder.encode(`$${bytes.length}\r\n`), bytes, END)
  }
  return joinBytes(parts)
}

/** The same in one encoding, which is most of the time of a short command. */
function encodeTexts(words: readonly RespWord[]): Uint8Array {
  let text = `*${words.length}\r\n`
  for (const word of words) {
    const value = String(word)
    text += `$${byteLength(value)}\r\n${value}\r\n`
  }
  return encoder.encode(text)
}

const ASCII = /^[\0-\x7f]*$/

function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : encoder.encode(text).length
}
