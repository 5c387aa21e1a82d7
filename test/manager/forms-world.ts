import type { Page } from 'playwright-core'
import { type RunningGateway, type RuntimeName, startGateway } from '../runtimes/start.ts'
import { CHROMIUM, openBrowser, openPage, violationsOn } from './browser.ts'

export { CHROMIUM }

/** A gateway with its Manager open in a browser. */
export interface FormsWorld {
  readonly gateway: RunningGateway
  readonly page: Page
  /** Opens a place of the Manager afresh: `upstreams/new`. */
  open(place: string): Promise<void>
  /** What the Admin API says. */
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
  /** What the page said in its console that it should not have. */
  readonly complaints: readonly string[]
  /** What axe-core finds wrong with what is shown. */
  violations(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Where the Manager is driven: the servers differ on these two, and the page on none. */
export const MANAGER_RUNTIMES = ['node', 'workerd'] as const

/** Starts all of it. */
export async function openForms(runtime: RuntimeName = 'node'): Promise<FormsWorld> {
  const gateway = await startGateway(runtime)
  const browser = await openBrowser()
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(8000)
  return {
    gateway,
    page,
    complaints,
    async open(place) {
      await page.goto('about:blank')
      await page.goto(`${gateway.adminUrl}/manager#/${place}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
    },
    api: (method, path, body) => askAdmin(gateway.adminUrl, { method, path, body }),
    violations: () => violationsOn(page),
    async close() {
      await browser.close()
      await gateway.stop()
    },
  }
}

async function askAdmin<T>(
  base: string,
  { method, path, body }: { method: string; path: string; body: unknown },
): Promise<T> {
  const response = await fetch(`${base}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
