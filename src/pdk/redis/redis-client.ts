import type { Reply, RespWord } from '../../lib/resp.ts'

/** A command's name and its words. */
export type RedisCommand = readonly [name: string, ...words: RespWord[]]

/** A Redis as plugins use it. Failures reject with a RedisError, within a bounded time. */
export interface RedisClient {
  /** Gives the reply; a refusal rejects too. */
  command(...command: RedisCommand): Promise<Reply>
  /** Sends all at once and gives all replies, refusals among them as `{ error }`. */
  pipeline(commands: readonly RedisCommand[]): Promise<readonly Reply[]>
  /** Runs a Lua script, by its digest once Redis knows it. */
  eval(script: string, keys: readonly string[], words?: readonly RespWord[]): Promise<Reply>
}

/** Where a Redis is and how to reach it, by Kong's names. */
export interface RedisOptions {
  readonly host: string
  readonly port?: number | null
  /** Milliseconds that connecting, logging in and a command may take, each. */
  readonly timeout?: number | null
  readonly username?: string | null
  readonly password?: string | null
  readonly database?: number | null
  readonly ssl?: boolean | null
  readonly ssl_verify?: boolean | null
  readonly server_name?: string | null
}
