#!/usr/bin/env node
// `npm run setup:deck`: builds the real decK for its tests. Takes about 8 minutes and 4 GB of disk, once.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test/deck-binary/', import.meta.url))
const binary = `${folder}bin/deck`
const LEAST_GO = [1, 26]

const version = goVersion()
if (version === undefined) fail('Go is not installed; decK needs Go 1.26 or newer')
if (version[0] < LEAST_GO[0] || (version[0] === LEAST_GO[0] && version[1] < LEAST_GO[1])) {
  fail(`Go ${version.join('.')} is too old; decK needs Go 1.26 or newer`)
}

process.stdout.write('decK: fetching and compiling, about 8 minutes on two cores…\n')
const words = ['build', '-ldflags', '-s -w', '-o', binary, 'github.com/kong/deck']
const { status, error } = spawnSync('go', words, { cwd: folder, stdio: 'inherit' })
if (error !== undefined || status !== 0) fail(error?.message ?? `go ended with ${status}`)
process.stdout.write(`decK: built. Now: DECK=${binary} npx vitest run test/deck-binary\n`)

function goVersion() {
  const { stdout, status } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' })
  const [, major, minor] = (status === 0 && /go(\d+)\.(\d+)/.exec(stdout)) || []
  return major === undefined ? undefined : [Number(major), Number(minor)]
}

function fail(reason) {
  process.stderr.write(`decK: cannot build: ${reason}\n`)
  process.exit(1)
}
