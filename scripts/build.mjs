#!/usr/bin/env node
// Makes dist/ what Node runs: one file of the command and all it imports, where Node would open 800. `npm run build`
// has the compiler's files beside it, for programs that import the gateway.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const entries = ['adapters/node/main', 'adapters/command/main']

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()

/** Bundles when the sources are newer than the bundle; ends the process with a message when it cannot. */
export async function build() {
  const mark = join(root, 'dist', 'adapters', 'node', 'main.js')
  const built = existsSync(mark) ? statSync(mark).mtimeMs : 0
  if (built > Math.max(...['src', 'adapters', 'package.json'].map(newest))) return
  process.stderr.write('gibbon: building…\n')
  await bundle()
}

async function bundle() {
  const { rolldown } = await import('rolldown').catch(() => fail('run `npm install` first'))
  const made = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, `${entry}.ts`)])),
    // Only who wants Lua has it.
    external: [/^fengari/, /^(hono|jose|yaml|re2js)/],
    platform: 'node',
    logLevel: 'warn',
  })
  try {
    await made.write({
      dir: join(root, 'dist'),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'adapters/command/bundle-[name].js',
    })
  } catch (error) {
    fail(`cannot build: ${error.message}`)
  } finally {
    await made.close()
  }
}

function fail(text) {
  process.stderr.write(`gibbon: ${text}\n`)
  process.exit(1)
}

/** When the newest file below a path of this project was last written, in ms since 1970. */
export function newest(path) {
  const full = join(root, path)
  const stat = statSync(full)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(full).map((name) => newest(join(path, name))))
}
