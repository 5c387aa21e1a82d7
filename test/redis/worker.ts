import { connect } from 'cloudflare:sockets'
import { createWorkersSockets } from '../../adapters/workers/sockets.ts'
import { createRedisPool } from '../../src/pdk/redis/pool.ts'
import type { RedisCommand, RedisOptions } from '../../src/pdk/redis/redis-client.ts'

/** What a test asks of the Worker. */
export interface Asked {
  readonly redis: RedisOptions
  readonly commands?: readonly RedisCommand[]
  readonly script?: string
}

const sockets = createWorkersSockets(connect)
// One for all requests, though each needs connections of its own.
const pool = createRedisPool(sockets)

export default {
  async fetch(request: Request): Promise<Response> {
    // The test alone knows this socket.
    const { redis, commands = [], script } = (await request.json()) as Asked
    const client = pool.client(redis)
    try {
      const result =
        script === undefined ? await client.pipeline(commands) : await client.eval(script, ['k'])
      return Response.json({ result })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      return Response.json({ code, message: String(error) })
    }
  },
}

export const admin = { fetch: () => new Response('ready') }

/** The config names one. */
export class GatewayState {}
