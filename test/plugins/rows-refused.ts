import type { RuntimeName } from '../runtimes/start.ts'

/** A configuration that some runtimes cannot do. */
export interface RefusedRow {
  readonly plugin: string
  readonly config: object
  /** Where it is refused; elsewhere it is taken. */
  readonly on: readonly RuntimeName[]
  /** The reason. */
  readonly says: string
}

/** What is refused when it is configured, for a runtime has no such way out. */
export const REFUSED_ROWS: readonly RefusedRow[] = [
  {
    plugin: 'syslog',
    config: {},
    on: ['workerd'],
    says: 'there is no system log on this runtime',
  },
]
