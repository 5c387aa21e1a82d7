#!/usr/bin/env node
// Installs Bun, Deno and workerd for the tests into this folder, once for each change of package.json.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const wanted = readFileSync(join(folder, 'package.json'), 'utf8')
const stamp = join(folder, 'node_modules', '.gibbon-installed')
const scopes = ['@oven', '@deno', '@cloudflare']

if (isInstalled()) {
  process.stdout.write('runtimes: installed already\n')
} else {
  process.stdout.write('runtimes: installing Bun, Deno and workerd (about 100 MB)…\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const words = ['ci', '--no-audit', '--no-fund', '--ignore-scripts']
  const { status, error } = spawnSync(npm, words, { cwd: folder, stdio: 'inherit' })
  if (error !== undefined || status !== 0) fail(error?.message ?? `npm ended with ${status}`)

  const missing = missingScopes()
  if (missing.length > 0)
    fail(`no ${missing.join(', no ')} for ${process.platform} ${process.arch}`)
  writeFileSync(stamp, wanted)
  process.stdout.write('runtimes: installed\n')
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && missingScopes().length === 0
}

function missingScopes() {
  return scopes.filter((scope) => !existsSync(join(folder, 'node_modules', scope)))
}

function fail(reason) {
  rmSync(stamp, { force: true })
  process.stderr.write(
    `runtimes: cannot install: ${reason}\nTry again with \`node test/runtimes/install.mjs\`.\n`,
  )
  process.exit(1)
}
