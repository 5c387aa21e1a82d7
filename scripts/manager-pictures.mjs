#!/usr/bin/env node
// Takes the pictures of docs/manager.md: a gateway with the guide's configuration, traffic on it, one target slow; in Debian's Chromium.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs', 'manager')
const [proxy, admin] = [18300, 18301]
const api = `http://127.0.0.1:${admin}`
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

const PAGES = [
  { name: 'overview', place: '#/' },
  { name: 'upstream-live', place: '#/upstreams/example_upstream/targets' },
  { name: 'upstream-form', place: '#/upstreams/new' },
  { name: 'try', place: '#/try', act: tryRequest },
  { name: 'config', place: '#/config' },
  { name: 'upstream-live-dark', place: '#/upstreams/example_upstream/targets', dark: true },
]

const data = mkdtempSync(join(tmpdir(), 'gibbon-pictures-'))
const targets = [await target(18311, 4), await target(18312, 30)]
const gateway = spawn(
  process.execPath,
  [join(root, 'dist', 'adapters', 'node', 'main.js'), 'start'],
  {
    env: {
      ...process.env,
      KONG_DATABASE: 'memory',
      KONG_DATA_DIR: data,
      KONG_PROXY_LISTEN: `127.0.0.1:${proxy}`,
      KONG_ADMIN_LISTEN: `127.0.0.1:${admin}`,
      KONG_ADMIN_GUI_LISTEN: 'off',
    },
    stdio: 'ignore',
  },
)
const timer = setInterval(
  () => void fetch(`http://127.0.0.1:${proxy}/mock/users`).catch(() => {}),
  20,
)
try {
  await serving()
  await configure()
  await takeAll()
} finally {
  clearInterval(timer)
  gateway.kill()
  for (const one of targets) one.close()
  rmSync(data, { recursive: true, force: true })
}

function target(port, delay) {
  const server = createServer((_, response) => setTimeout(() => response.end('{}'), delay))
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}

async function serving() {
  for (let left = 100; left > 0; left--) {
    if (
      await fetch(`${api}/status`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the gateway does not start; run `npm run build` first')
}

async function configure() {
  const post = async (path, body) => {
    const answer = await fetch(`${api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  }
  await post('/upstreams', { name: 'example_upstream', algorithm: 'least-connections' })
  for (const port of [18311, 18312]) {
    await post('/upstreams/example_upstream/targets', { target: `127.0.0.1:${port}` })
  }
  await post('/services', { name: 'example_service', host: 'example_upstream' })
  await post('/services/example_service/routes', { name: 'example_route', paths: ['/mock'] })
  await post('/services/example_service/plugins', { name: 'cors' })
  await post('/plugins', { name: 'rate-limiting', config: { minute: 100_000 } })
}

async function takeAll() {
  mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
  for (const { name, place, act, dark } of PAGES) {
    const page = await browser.newPage({
      viewport: { width: 1180, height: 760 },
      colorScheme: dark ? 'dark' : 'light',
    })
    await page.goto(`${api}/manager${place}`)
    await page.waitForTimeout(6000)
    await act?.(page)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    await page.close()
    process.stdout.write(`docs/manager/${name}.png\n`)
  }
  await browser.close()
}

async function tryRequest(page) {
  await page
    .getByLabel(/URL|Path/)
    .first()
    .fill('http://localhost/mock/users')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(1500)
}
