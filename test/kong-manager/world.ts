import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import { CHROMIUM, openBrowser, WITHOUT_BROWSER } from '../manager/browser.ts'
import { freePort } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'

const BUILD = fileURLToPath(new URL('dist', import.meta.url))
const BUILT = existsSync(`${BUILD}/index.html`)

/** Whether the components of Kong Manager are built here, and there is a browser to show them. */
export const READY = BUILT && CHROMIUM !== undefined

/** Why these tests are skipped, for their titles; empty when they run. */
export const WITHOUT = BUILT ? WITHOUT_BROWSER : ' (skipped: `npm run setup:kong-manager` first)'

/** How long one story may take, in ms: the pages are large, and the machine may be busy. */
export const PATIENCE = 120_000

/** A request that a component sent, and what it was answered. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly sent: string | null
  readonly answer: string
}

/** A gateway that serves Kong Manager's components, and a browser that shows them. */
export interface World {
  readonly gateway: RunningGateway
  readonly guiUrl: string
  readonly page: Page
  /** What was asked of the Admin API since it was last taken. */
  takeExchanges(): Promise<readonly Exchange[]>
  /** What went wrong since it was last taken: errors of scripts, and what a component complained of. */
  takeComplaints(): Promise<readonly string[]>
  /** Opens a page and waits until it rests. */
  go(path: string): Promise<void>
  /** What bears a test id and can be seen. */
  part(id: string): Locator
  /** Asks the Admin API without the browser. */
  ask<T = Record<string, unknown>>(path: string, body?: unknown): Promise<T>
  /** The status of the Admin API's answer to a GET. */
  statusOf(path: string): Promise<number>
  close(): Promise<void>
}

/** Starts both; `settings` are more of the gateway's. */
export async function openWorld(settings: Readonly<Record<string, string>> = {}): Promise<World> {
  const guiPort = await freePort()
  const gateway = await startGateway('node', {
    settings: {
      database: 'memory',
      admin_gui_listen: `127.0.0.1:${guiPort}`,
      admin_gui_dir: BUILD,
      ...settings,
    },
  })
  const browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1400, height: 1400 } })
  const page = await context.newPage()
  const heard = listenTo(page, gateway.adminUrl)
  const guiUrl = `http://127.0.0.1:${guiPort}`

  return {
    gateway,
    guiUrl,
    page,
    takeExchanges: heard.takeExchanges,
    async takeComplaints() {
      const shown = await page.locator('#complaints li').allTextContents()
      return [...heard.takeComplaints(), ...shown]
    },
    async go(path) {
      await page.goto(guiUrl + path)
      await page.waitForLoadState('networkidle')
    },
    part: (id) => page.locator(`[data-testid="${id}"]:visible`),
    async ask<T>(path: string, body?: unknown) {
      const response = await fetch(gateway.adminUrl + path, askOptions(body))
      // What the caller names is what that path answers.
      return (await response.json()) as T
    },
    async statusOf(path) {
      return (await fetch(gateway.adminUrl + path)).status
    },
    async close() {
      await browser.close()
      await gateway.stop()
    },
  }
}

function askOptions(body: unknown): RequestInit {
  if (body === undefined) return {}
  const headers = { 'Content-Type': 'application/json' }
  return { method: 'POST', headers, body: JSON.stringify(body) }
}

function listenTo(page: Page, adminUrl: string) {
  const complaints: string[] = []
  const exchanges: Promise<Exchange>[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // Who leaves a page takes its questions along.
    if (why !== 'net::ERR_ABORTED') complaints.push(`${request.method()} ${request.url()}: ${why}`)
  })
  page.on('console', (said) => {
    // A refused request is among the exchanges.
    if (said.type() !== 'error' || /status of \d+/.test(said.text())) return
    complaints.push(said.text())
  })
  page.on('response', (response) => {
    const request = response.request()
    if (!response.url().startsWith(adminUrl)) return
    const path = response.url().slice(adminUrl.length)
    exchanges.push(
      response
        .text()
        .catch(() => '')
        .then((answer) => ({
          method: request.method(),
          path,
          status: response.status(),
          sent: request.postData(),
          answer,
        })),
    )
  })
  return {
    takeComplaints: () => complaints.splice(0),
    takeExchanges: () => Promise.all(exchanges.splice(0)),
  }
}
