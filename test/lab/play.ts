import { openSending } from '../../adapters/command/simulate-sending.ts'
import type { AlgorithmFigures, TargetFigures } from '../../src/lab/figures.ts'
import type { Try } from '../../src/lab/requests.ts'
import { readScenario } from '../../src/lab/scenario.ts'
import { type Comparison, simulate } from '../../src/lab/simulate.ts'

/** Plays a scenario by the gateway's own forwarding. */
export function play(
  document: unknown,
  onTry?: (algorithm: string, sent: Try) => void,
): Promise<Comparison> {
  return simulate(readScenario(document), { openSending, ...(onTry && { onTry }) })
}

/** The figures of one algorithm. */
export async function playOne(document: object, algorithm: string): Promise<AlgorithmFigures> {
  const { results } = await play({ ...document, algorithms: [algorithm] })
  const [only] = results
  if (only === undefined) throw new Error(`no figures of ${algorithm}`)
  return only
}

/** What one target did. */
export function targetOf({ whole }: AlgorithmFigures, name: string): TargetFigures {
  const found = whole.targets.find((target) => target.name === name)
  if (found === undefined) throw new Error(`no target ${name}`)
  return found
}
