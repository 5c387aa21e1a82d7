import { parseDocument } from '../../src/declarative/parse.ts'
import { InvalidConfig } from '../../src/declarative/violation.ts'
import { chartSvg } from '../../src/lab/chart.ts'
import { reportText } from '../../src/lab/report.ts'
import { reportJson } from '../../src/lab/report-json.ts'
import { readScenario, type Scenario } from '../../src/lab/scenario.ts'
import { InvalidScenario } from '../../src/lab/scenario-problem.ts'
import { type Comparison, simulate } from '../../src/lab/simulate.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import type { Arguments } from './arguments.ts'
import { configErrors } from './config-errors.ts'
import type { SimulatePorts } from './simulate-ports.ts'
import { openSending } from './simulate-sending.ts'
import { createProgress } from './sync-progress.ts'

/** `gibbon simulate FILE`: prints how each algorithm fares in the scenario; 0, or 1 when it cannot. */
export async function simulateCommand(
  { file = '', flags }: Pick<Arguments, 'file' | 'flags'>,
  ports: SimulatePorts,
): Promise<number> {
  const scenario = scenarioFrom(file, ports)
  if (scenario === undefined) return 1
  const progress = createProgress(ports)
  const comparison = await simulate(scenario, {
    openSending,
    onProgress(done, total) {
      progress.tell('simulated second', Math.floor(done / 1_000), Math.ceil(total / 1_000))
    },
  })
  progress.end()
  await ports.out(flags.has('json') ? reportJson(comparison) : reportText(comparison))
  const [chart] = flags.get('out') ?? []
  return chart === undefined ? 0 : writeChart(chart, comparison, ports)
}

/** Undefined once it was said what is wrong. */
function scenarioFrom(file: string, ports: SimulatePorts): Scenario | undefined {
  let text: string | undefined
  try {
    text = ports.readFile(file)
    return readScenario(parseDocument(text))
  } catch (error) {
    const errors =
      text === undefined ? [messageOf(error)] : configErrors(located(error), { file, text })
    failed(errors, ports)
    return undefined
  }
}

function writeChart(file: string, comparison: Comparison, ports: SimulatePorts): number {
  try {
    ports.writeFile(file, chartSvg(comparison))
    return 0
  } catch (error) {
    return failed([`cannot write ${file}: ${messageOf(error)}`], ports)
  }
}

/** What is wrong with a scenario has a place in its file, as what is wrong with a kong.yaml has. */
function located(error: unknown): unknown {
  if (!(error instanceof InvalidScenario)) return error
  return new InvalidConfig({ fields: {}, violations: error.problems })
}

function failed(errors: readonly string[], { err }: SimulatePorts): number {
  for (const error of errors) err(`gibbon: ${error}\n`)
  return 1
}
