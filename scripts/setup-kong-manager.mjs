#!/usr/bin/env node
// `npm run setup:kong-manager`: installs the components Kong Manager is made of and builds our small
// host app around them, for its tests. About a minute and 370 MB of disk, once.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test/kong-manager/', import.meta.url))
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

process.stdout.write("Kong Manager's components: installing (370 MB)…\n")
// Their versions never came out together: each names others as its peers. `ci` is stricter than
// the lock of optional packages that a registry may lack.
const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', '--no-save']
run(npm, ['install', ...flags])
process.stdout.write("Kong Manager's components: building…\n")
run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'])
process.stdout.write('Built. Now: npm run build && npx vitest run test/kong-manager\n')

function run(command, words) {
  const { status, error } = spawnSync(command, words, { cwd: folder, stdio: 'inherit' })
  if (error === undefined && status === 0) return
  const reason = error?.message ?? `${words[0]} ended with ${status}`
  process.stderr.write(`Kong Manager's components: cannot set them up: ${reason}\n`)
  process.exit(1)
}
