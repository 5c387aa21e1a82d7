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

/** Processes of one gateway. */
export interface Processes {
  /** The one that started the others; where it is alone, the one that serves. */
  readonly main: number
  readonly serving: readonly ServingProcess[]
}

/** One that serves. */
export interface ServingProcess {
  readonly pid: number
  /** Bytes of its heap that are in use. */
  readonly heap: number
}

/** What the core needs of the machine it runs on. */
export interface Runtime {
  /** `node`, `bun`, `deno` or `workerd`. */
  readonly name: string
  /** What the machine is called; absent where a platform has no such name. */
  readonly hostname?: string
  /** Milliseconds since 1970. */
  now(): number
  /** A number in [0, 1). */
  random(): number
  /** A version 4 UUID. */
  uuid(): string
  /** A variable of the environment; undefined for one that is not set, or empty. Absent where there is none. */
  readonly environment?: (name: string) => string | undefined
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void
  /** The processes that serve, as far as this one knows of them; absent where a platform has them. */
  readonly processes?: () => Processes
  /** Absent where the level stays as it was configured. */
  readonly logLevel?: LogLevelSwitch
  /** Keeps the process going until the work is done; its rejection is logged, never thrown. */
  background(work: Promise<unknown>): void
}
