import type { Exchange } from '../../pdk/exchange.ts'
import type { Usage } from './driver.ts'
import type { Question } from './question.ts'

/** One question on its way, from its sending to the log. */
export interface Asked {
  readonly question: Question
  /** When it came, in milliseconds. */
  readonly at: number
  readonly request: string
  /** How many tokens it likely is, of a provider that does not count. */
  readonly estimated: number | undefined
  answer: Answered | undefined
}

/** What came of it. */
export interface Answered {
  readonly usage: Usage
  readonly responseModel: string | undefined
  readonly text: string
  readonly latency: number
}

/** Remembers the question of a request, under the configuration that asked it. */
export function rememberAsked({ shared }: Exchange, key: object, asked: Asked): void {
  shared.set(key, asked)
}

/** The question remembered. */
export function askedBy({ shared }: Exchange, key: object): Asked | undefined {
  // What lies under this key is put there above only.
  return shared.get(key) as Asked | undefined
}
