#!/usr/bin/env node
// `npm test`: every check there is, each with its own line; the last line says how many passed and failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const bin = (name) => join(root, 'node_modules', '.bin', name)
const folder = mkdtempSync(join(tmpdir(), 'gibbon-test-'))
const report = join(folder, 'vitest.json')

const steps = [
  ['style', bin('biome'), ['check', '.']],
  ['types', bin('tsc'), []],
  ['types of the Manager', bin('tsc'), ['-p', 'manager', '--noEmit']],
  ['the Manager', process.execPath, ['scripts/build-manager.mjs', '--check']],
  ['runtimes', process.execPath, ['test/runtimes/install.mjs']],
  ['build', bin('tsc'), ['-p', 'tsconfig.build.json']],
  ['bundle', process.execPath, ['scripts/build.mjs']],
  ['worker', process.execPath, ['scripts/build-worker.mjs']],
  ['unused', bin('knip'), []],
  ['package', bin('publint'), []],
  [
    'tests',
    bin('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile=${report}`],
  ],
]

let passed = 0
let failed = 0
for (const [name, command, words] of steps) {
  process.stdout.write(`\n== ${name}\n`)
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit' })
  if (name === 'tests' && existsSync(report)) {
    const told = JSON.parse(readFileSync(report, 'utf8'))
    passed += told.numPassedTests
    failed += told.numFailedTests
    // A file that cannot even be collected has no failed test of its own.
    if (status !== 0 && told.numFailedTests === 0) failed += 1
  } else if (status === 0) passed += 1
  else failed += 1
}
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
