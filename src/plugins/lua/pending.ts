import type { AnswerSide } from '../../pdk/exchange.ts'
import type { LuaRun } from './scope.ts'

/** A change of the answer's head. */
type Change = (response: AnswerSide) => void

const CHANGES = {}
const STATUS = {}
const TYPE = {}

/** Changes the answer's head; before there is one the change waits for it, as nginx keeps it. */
export function changeAnswer({ exchange, phase }: LuaRun, change: Change): void {
  if (phase === 'header_filter') {
    change(exchange.response)
    return
  }
  // Only lists of changes are put under this key.
  const waiting = exchange.shared.get(CHANGES) as Change[] | undefined
  if (waiting === undefined) exchange.shared.set(CHANGES, [change])
  else waiting.push(change)
}

/** Does what waited for the answer. */
export function applyChanges({ exchange }: Pick<LuaRun, 'exchange'>): void {
  const waiting = exchange.shared.get(CHANGES) as Change[] | undefined
  if (waiting === undefined) return
  exchange.shared.delete(CHANGES)
  for (const change of waiting) change(exchange.response)
}

/** The status that functions chose before there was an answer. */
export function chosenStatus({ exchange }: LuaRun): number | undefined {
  // As above: numbers alone.
  return exchange.shared.get(STATUS) as number | undefined
}

/** The type that functions chose before there was an answer. */
export function chosenType({ exchange }: LuaRun): string | undefined {
  // As above: texts alone.
  return exchange.shared.get(TYPE) as string | undefined
}

/** Remembers the type an answer to come is to have. */
export function chooseType({ exchange }: LuaRun, type: string | undefined): void {
  exchange.shared.set(TYPE, type)
}

/** Chooses the status of an answer to come, or changes it. */
export function chooseStatus(run: LuaRun, status: number): void {
  if (run.phase === 'header_filter') run.exchange.response.status = status
  else run.exchange.shared.set(STATUS, status)
}
