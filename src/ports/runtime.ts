/** How much a line of the log matters, least first; Kong's names. */
export type LogLevel = 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit'

/** Every name Kong has for a level; nothing of ours is worse than `crit`. */
export type LogLevelName = LogLevel | 'alert' | 'emerg'

/** Their order. */
export const LOG_LEVELS: readonly LogLevelName[] = [
  'debug',
  'info',
  'notice',
  'warn',
  'error',
  'crit',
  'alert',
  'emerg',
]

/** How much the log keeps, changeable while it is written. */
export interface LogLevelSwitch {
  get(): LogLevelName
  /** Holds for so many seconds, then the log is as it was started; 0 for good. */
  set(level: LogLevelName, timeoutSeconds: number): void
}

/** What the core needs of the machine it runs on. */
export interface Runtime {
  /** `node`, `bun`, `deno` or `workerd`. */
  readonly name: string
  /** Milliseconds since 1970. */
  now(): number
  /** A number in [0, 1). */
  random(): number
  /** A version 4 UUID. */
  uuid(): string
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void
  /** Absent where the level stays as it was configured. */
  readonly logLevel?: LogLevelSwitch
  /** Keeps the process going until the work is done; its rejection is logged, never thrown. */
  background(work: Promise<unknown>): void
}
