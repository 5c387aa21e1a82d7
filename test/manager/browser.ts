import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where Chromium is; undefined where there is none. */
export const CHROMIUM =
  whereIs('chromium') ?? whereIs('chromium-browser') ?? whereIs('google-chrome')

/** Why the browser's tests are skipped, for their titles; empty when they run. */
export const WITHOUT_BROWSER = CHROMIUM === undefined ? ' (skipped: no Chromium here)' : ''

/** How long a page may take for one thing, in ms. */
const PATIENCE = 15_000

/** Starts a browser without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] })
}

/** A page of its own cookies, and what it complained of. */
export interface Watched {
  readonly page: Page
  /** Errors in scripts and what the Content-Security-Policy forbade. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Opens a page in a context of its own. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext(options)
  // Sooner than a test's own end, which would not tell what was waited for.
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (said) => {
    // A refusal is shown by the page itself.
    const refusal = /status of 4\d\d/.test(said.text())
    if (said.type() === 'error' && !refusal) complaints.push(said.text())
  })
  return { page, complaints, close: () => context.close() }
}

/** What axe-core finds wrong with what is shown, each on a line. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  // By the debugger, which the page's Content-Security-Policy does not bind.
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    // What the line before has put there.
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
  })
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly target: string[]; readonly failureSummary?: string }[]
  }[]
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

function whereIs(program: string): string | undefined {
  try {
    return execFileSync('which', [program], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
