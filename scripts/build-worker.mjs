#!/usr/bin/env node
// Bundles the Worker into dist/workers/worker.js and holds its size, which Cloudflare limits (3 MB packed on its free plan).
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { newest } from './build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const LIMIT = 768 * 1024

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bundle = await buildWorker()
  const code = readFileSync(bundle)
  const packed = gzipSync(code).length
  process.stdout.write(`${bundle}: ${kib(code.length)} KiB, ${kib(packed)} KiB packed\n`)
  if (packed > LIMIT) {
    process.stderr.write(`gibbon: the Worker is larger than ${kib(LIMIT)} KiB packed\n`)
    process.exit(1)
  }
}

/** Bundles the Worker when its sources are newer than it; resolves to the file. */
export function buildWorker() {
  return built('worker')
}

/** The same of what tells why a Worker would not start. */
export function buildStartCheck() {
  return built('start-check')
}

async function built(name) {
  const bundle = join(root, 'dist', 'workers', `${name}.js`)
  const age = existsSync(bundle) ? statSync(bundle).mtimeMs : 0
  if (age > Math.max(...['src', 'adapters', 'package.json'].map(newest))) return bundle

  const code = await bundleOf(join(root, 'adapters', 'workers', `${name}.ts`))
  // Written beside and moved: another start may be reading it.
  mkdirSync(join(root, 'dist', 'workers'), { recursive: true })
  const beside = `${bundle}.${process.pid}`
  writeFileSync(beside, code)
  renameSync(beside, bundle)
  return bundle
}

/** One ES module of a Worker and all it imports. */
export async function bundleOf(input) {
  const { rolldown } = await import('rolldown').catch(() => fail('run `npm install` first'))
  const build = await rolldown({
    input,
    external: [/^cloudflare:/],
    platform: 'browser',
    logLevel: 'warn',
  })
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false })
    return output[0].code
  } catch (error) {
    return fail(`cannot bundle the Worker: ${error.message}`)
  } finally {
    await build.close()
  }
}

function fail(text) {
  process.stderr.write(`gibbon: ${text}\n`)
  process.exit(1)
}

function kib(bytes) {
  return Math.ceil(bytes / 1024)
}
