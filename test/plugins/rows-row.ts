/** One thing a plugin does, as a client and an upstream see it. */
export interface PluginRow {
  readonly what: string
  /** `{port}` in a text stands for the upstream's port; the text `{port}` alone for the number. */
  readonly plugins: readonly PluginConfig[]
  readonly asked?: Asked
  /** Asked before, in this order; what comes of it does not count. */
  readonly before?: readonly Asked[]
  /** How often it is asked; the last answer counts. */
  readonly times?: number
  readonly status: number
  /** Of the answer; null for one that must not be there. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>
  /** The answer's body: to the letter, by a pattern, or the members it must have. */
  readonly body?: string | RegExp | object
  /** Headers the upstream gets; null for one that must not reach it. */
  readonly upstream?: Readonly<Record<string, string | RegExp | null>>
  /** Path and query the upstream gets, behind the row's own path. */
  readonly upstreamPath?: string
  readonly upstreamMethod?: string
  readonly upstreamBody?: string | RegExp
  /** How many requests of the row reach the upstream: none of one that is refused at once. */
  readonly reached?: number
  /** What is other on Workers, where the lines of a header are joined before anybody sees them. */
  readonly onWorkers?: Pick<PluginRow, 'status' | 'body'>
}

/** A plugin on the row's route. */
export interface PluginConfig {
  readonly name: string
  readonly config?: object
}

/** A request of a row. */
export interface Asked {
  readonly method?: string
  /** Behind the row's own path. */
  readonly path?: string
  /** A list holds the lines of a header that comes several times. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
  /** Sends the body in chunks, its length untold. */
  readonly chunked?: true
}

/** A refusal as Kong's error formatter writes it, to the letter but for the id. */
export function refused(message: string): RegExp {
  const text = JSON.stringify(message).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^\\{\\n {2}"message":${text},\\n {2}"request_id":"[0-9a-f]{32}"\\n\\}$`)
}

/** A refusal that is a bare table. */
export function bare(message: string): string {
  return JSON.stringify({ message })
}
