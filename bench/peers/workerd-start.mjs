// Starts a Worker on a workerd of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findWorkerd } from '../../scripts/workerd-config.mjs'

/** Runs it; `config` makes the configuration of the folder where `worker.js` is `code`. */
export async function startWorkerd(port, { code, config }) {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-workerd-'))
  const file = join(folder, 'config.capnp')
  writeFileSync(join(folder, 'worker.js'), code)
  writeFileSync(file, config(folder))
  const stdio = process.env.BENCH_DEBUG === undefined ? 'ignore' : 'inherit'
  const workerd = spawn(findWorkerd(), ['serve', file], { stdio })
  workerd.once('exit', (code) => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(code ?? 0)
  })
  process.once('SIGTERM', () => workerd.kill('SIGKILL'))
  const answers = async () =>
    (await fetch(`http://127.0.0.1:${port}/mock/`).catch(() => undefined))?.status === 200
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 50))
  process.send?.({ pid: workerd.pid })
}
