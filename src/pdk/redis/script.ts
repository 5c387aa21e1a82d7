import { toHex } from '../../lib/hex.ts'
import type { Reply, RespWord } from '../../lib/resp.ts'
import { sha1 } from '../../lib/sha1.ts'
import type { RedisCommand } from './redis-client.ts'
import { RedisError } from './redis-error.ts'

/** A Lua script and what it is run with. */
export interface ScriptCall {
  readonly script: string
  readonly keys: readonly string[]
  readonly words: readonly RespWord[]
}

/** Sends a command and gives its reply; a refusal rejects with a RedisError. */
export type SendCommand = (command: RedisCommand) => Promise<Reply>

/** Runs a script by its digest, and sends the whole of it to a Redis that does not know it. */
export type RunScript = (send: SendCommand, call: ScriptCall) => Promise<Reply>

const MOST_DIGESTS = 256

/** Remembers the digests of the scripts it has run. */
export function createScripts(): RunScript {
  const digests = new Map<string, string>()
  const digestOf = (script: string): string => {
    const known = digests.get(script)
    if (known !== undefined) return known
    if (digests.size >= MOST_DIGESTS) digests.clear()
    const digest = toHex(sha1(new TextEncoder().encode(script)))
    digests.set(script, digest)
    return digest
  }

  return async (send, { script, keys, words }) => {
    try {
      return await send(['EVALSHA', digestOf(script), keys.length, ...keys, ...words])
    } catch (error) {
      if (!(error instanceof RedisError) || error.code !== 'NOSCRIPT') throw error
      return send(['EVAL', script, keys.length, ...keys, ...words])
    }
  }
}
