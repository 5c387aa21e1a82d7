import { spawn } from 'node:child_process'
import { RUNTIMES } from '../blackbox/runtimes.ts'
import { binaryOf, ROOT } from './binaries.ts'

/** How each is told to evaluate a program; what runs on Node is tested there by itself. */
const FLAGS = { bun: '-e', deno: 'eval' } as const

/** Those of them that are to be tested. */
export const EVALUATORS = (['bun', 'deno'] as const).filter((name) => RUNTIMES.includes(name))

/** Runs a program until it ends by itself: the JSON list it printed, and the code it ended with. */
export function evaluate(
  runtime: keyof typeof FLAGS,
  program: string,
): Promise<{ printed: unknown; code: number | null }> {
  const [command, flag] = [binaryOf(runtime), FLAGS[runtime]]
  return new Promise((resolve, reject) => {
    const child = spawn(command, [flag, program], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let [said, wrong] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      wrong += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      const at = said.indexOf('[')
      if (at < 0) reject(new Error(`It printed no list but ${said}${wrong}`))
      else resolve({ printed: JSON.parse(said.slice(at)), code })
    })
  })
}
