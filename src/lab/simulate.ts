import type { AlgorithmFigures } from './figures.ts'
import type { Try } from './requests.ts'
import { runAlgorithm } from './run.ts'
import type { Scenario } from './scenario.ts'
import type { OpenSending } from './sending.ts'

/** The algorithms of a scenario, each having met the same requests. */
export interface Comparison {
  readonly scenario: Scenario
  readonly results: readonly AlgorithmFigures[]
}

/** What simulating needs beside the scenario. */
export interface SimulateOptions {
  readonly openSending: OpenSending
  /** Told now and then how much simulated time has been played, of how much; milliseconds. */
  readonly onProgress?: (done: number, total: number) => void
  readonly onTry?: (algorithm: string, sent: Try) => void
}

/** Plays a scenario once for each of its algorithms. */
export async function simulate(
  scenario: Scenario,
  { openSending, onProgress, onTry }: SimulateOptions,
): Promise<Comparison> {
  const { algorithms, duration } = scenario
  const results: AlgorithmFigures[] = []
  for (const [i, algorithm] of algorithms.entries()) {
    const figures = await runAlgorithm(scenario, algorithm, {
      openSending,
      onProgress: (now) => onProgress?.(i * duration + now, algorithms.length * duration),
      onTry: onTry && ((sent) => onTry(algorithm, sent)),
    })
    results.push(figures)
  }
  return { scenario, results }
}
