#!/usr/bin/env node
// Bundles manager/ into the one page that the Admin API serves, as a module: adapters/manager/page.ts. `--check` only says whether it is fresh.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'adapters', 'manager', 'page.ts')
const LIMIT = 80 * 1024

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { module, html } = await buildManager()
  const packed = gzipSync(html, { level: 9 }).length
  process.stdout.write(`the Manager's page: ${kib(html.length)} KiB, ${kib(packed)} KiB packed\n`)
  if (packed > LIMIT) fail(`it is larger than ${kib(LIMIT)} KiB packed`)
  const before = existsSync(target) ? readFileSync(target, 'utf8') : ''
  if (process.argv.includes('--check')) {
    if (before !== module)
      fail('adapters/manager/page.ts is older than manager/: run `npm run build:manager`')
  } else if (before !== module) {
    mkdirSync(join(root, 'adapters', 'manager'), { recursive: true })
    writeFileSync(target, module)
  }
}

/** Makes the page and the module that holds it. */
export async function buildManager() {
  const style = styleOf('style.css', 'forms/style.css', 'live/style.css')
  const script = (await bundle()).replaceAll('</script', '<\\/script').trim()
  const html = readFileSync(join(root, 'manager', 'page.html'), 'utf8')
    .replace('/* style */', () => packed(style))
    .replace('/* script */', () => script)
  const module = `// Made by scripts/build-manager.mjs of manager/; not to be edited.
import type { ManagerPage } from '../../src/admin/manager-page.ts'

/** The Manager, one page. */
export const managerPage: ManagerPage = {
  html: ${JSON.stringify(html)},
  hashes: {
    script: '${hashOf(script)}',
    style: '${hashOf(packed(style))}',
  },
}
`
  return { html, module }
}

function styleOf(...names) {
  const files = names.map((name) => join(root, 'manager', name)).filter(existsSync)
  return files.map((file) => readFileSync(file, 'utf8')).join('\n')
}

async function bundle() {
  const { rolldown } = await import('rolldown')
  const build = await rolldown({
    input: join(root, 'manager', 'main.tsx'),
    platform: 'browser',
    transform: { jsx: { runtime: 'automatic', importSource: 'hono/jsx/dom' } },
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  return output[0].code
}

/** Without the space between rules. */
function packed(css) {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .trim()
}

function hashOf(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function kib(bytes) {
  return (bytes / 1024).toFixed(1)
}

function fail(why) {
  process.stderr.write(`gibbon: ${why}\n`)
  process.exit(1)
}
