import { DurableObject } from 'cloudflare:workers'
import type { DurableObjectContext } from '../../adapters/workers/platform.ts'
import { createSqlKV } from '../../adapters/workers/sql-kv.ts'
import { createSqlStore } from '../../adapters/workers/sql-store.ts'

/** A call to the tables of one object, by the clock of the test. */
export interface SqlCall {
  readonly place: string
  readonly method: string
  readonly args: readonly unknown[]
  readonly now: number
}

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>

/** The SQLite code of the Worker's Durable Object, with nothing around it. */
export class GatewayState extends DurableObject {
  readonly #methods: Methods
  #now = 0

  constructor(ctx: DurableObjectContext, bindings: Readonly<Record<string, unknown>>) {
    super(ctx, bindings)
    const { page, ...store } = createSqlStore(ctx.storage)
    const kv = createSqlKV(ctx.storage.sql, () => this.#now)
    // The test sends each method the arguments of its type.
    this.#methods = { ...store, ...kv, entries: page } as unknown as Methods
  }

  run({ method, args, now }: SqlCall): unknown {
    this.#now = now
    // JSON has no undefined: an argument left out arrives as null.
    return this.#methods[method]?.(...args.map((value) => value ?? undefined))
  }
}

interface Env {
  readonly STATE: { getByName(name: string): { run(call: SqlCall): Promise<unknown> } }
}

export default {
  async fetch(request: Request, { STATE }: Env): Promise<Response> {
    // The test alone knows this socket.
    const call = (await request.json()) as SqlCall
    try {
      return Response.json({ result: await STATE.getByName(call.place).run(call) })
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 500 })
    }
  },
}

export const admin = { fetch: () => new Response('ready') }
