// Starts a server that is no program of ours, and tells the bench its process when it serves.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/** Runs it until it or the bench ends, then removes its folder; its words are shown with BENCH_DEBUG alone. */
export async function runNative(command, words, { port, folder, env = {} }) {
  const stdio = process.env.BENCH_DEBUG === undefined ? 'ignore' : 'inherit'
  const child = spawn(command, words, { env: { ...process.env, ...env }, stdio })
  child.once('exit', (code) => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(code ?? 0)
  })
  process.once('SIGTERM', () => child.kill('SIGKILL'))
  const answers = async () =>
    (await fetch(`http://127.0.0.1:${port}/mock/`).catch(() => undefined))?.status === 200
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 50))
  process.send?.({ pid: child.pid })
}
