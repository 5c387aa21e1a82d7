import { messageOf } from '../../lib/message-of.ts'
import { isRespError, type Reply, type RespWord } from '../../lib/resp.ts'
import type { RedisClient, RedisCommand } from './redis-client.ts'
import { RedisError, refusal } from './redis-error.ts'
import { createScripts } from './script.ts'

/** Sends a command by whatever means and gives its reply; refusals reject. */
export type SendWords = (words: (string | Uint8Array)[]) => Promise<unknown>

/**
 * A client over the user's own, which may know clusters and sentinels:
 * `redisFrom((words) => ioredis.call(...words))`, `redisFrom((words) => nodeRedis.sendCommand(words))`.
 */
export function redisFrom(send: SendWords): RedisClient {
  const runScript = createScripts()
  const one = async (command: RedisCommand): Promise<Reply> => {
    const reply = asReply(await send(command.map(asWord)).catch(rejectAs))
    if (isRespError(reply)) throw refusal(reply)
    return reply
  }
  return {
    command: (...command) => one(command),
    pipeline: (commands) => Promise.all(commands.map((command) => one(command).catch(asError))),
    eval: (script, keys, words = []) => runScript(one, { script, keys, words }),
  }
}

function asWord(word: RespWord): string | Uint8Array {
  return word instanceof Uint8Array ? word : String(word)
}

/** Clients tell a refusal by an error whose message is Redis' own. */
const REFUSAL = /^[A-Z][A-Z0-9_]*(?= )/

function rejectAs(cause: unknown): never {
  const message = messageOf(cause)
  const [word] = REFUSAL.exec(message) ?? []
  if (word !== undefined) throw new RedisError(word, message, { cause, refused: true })
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN'
  throw new RedisError(code, message, { cause })
}

/** In a pipeline a refusal is one of the replies; a broken way is not. */
function asError(error: unknown): Reply {
  if (error instanceof RedisError && error.refused) return { error: error.message }
  throw error
}

function asReply(value: unknown): Reply {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(asReply)
  if (value instanceof Uint8Array) return value
  if (value instanceof Error) return { error: value.message }
  if (value instanceof Map) return { map: Array.from(value, ([k, v]) => [asReply(k), asReply(v)]) }
  if (value instanceof Set) return Array.from(value, asReply)
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value
    case 'object':
      return { map: Object.entries(value).map(([key, member]) => [key, asReply(member)]) }
    default:
      return String(value)
  }
}
