/** The few names of the Workers runtime that are used here; the full types are not a dependency. */

declare module 'cloudflare:workers' {
  import type { DurableObjectContext } from './platform.ts'

  export const env: Readonly<Record<string, unknown>>
  export function waitUntil(work: Promise<unknown>): void
  export class DurableObject {
    protected readonly ctx: DurableObjectContext
    protected readonly env: Readonly<Record<string, unknown>>
    constructor(ctx: DurableObjectContext, env: Readonly<Record<string, unknown>>)
  }
}

declare module 'cloudflare:sockets' {
  import type { Connect } from './platform.ts'

  export const connect: Connect
}
