// Starts a Worker on a workerd of its own.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findWorkerd } from '../../scripts/workerd-config.mjs'
import { runNative } from './native.mjs'

/** Runs it; `config` makes the configuration of the folder where `worker.js` is `code`. */
export async function startWorkerd(port, { code, config }) {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-workerd-'))
  const file = join(folder, 'config.capnp')
  writeFileSync(join(folder, 'worker.js'), code)
  writeFileSync(file, config(folder))
  await runNative(findWorkerd(), ['serve', file], { port, folder })
}
