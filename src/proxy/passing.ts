import type { ClientRequest } from '../ports/server.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import type { LiveExchange } from './live-exchange.ts'

/** One request while it is served. */
export interface Passing {
  readonly request: ClientRequest
  readonly id: string
  readonly startedAt: number
  /** As soon as they are found. */
  route: CompiledRoute | undefined
  service: CompiledService | undefined
  /** What plugins see of it; undefined where none runs. */
  exchange: LiveExchange | undefined
}
