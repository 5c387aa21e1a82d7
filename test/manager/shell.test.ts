import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import {
  CHROMIUM,
  openBrowser,
  openPage,
  violationsOn,
  type Watched,
  WITHOUT_BROWSER,
} from './browser.ts'

const SECTIONS = [
  'Services',
  'Routes',
  'Consumers',
  'Plugins',
  'Upstreams',
  'Certificates',
  'CA Certificates',
  'SNIs',
  'Vaults',
  'Keys',
  'Key Sets',
]

/** It is the same page on every runtime: one look will do on the second. */
const LOOKS = [
  ['dark', 360],
  ['light', 360],
  ['dark', 1280],
  ['light', 1280],
] as const

describe.skipIf(CHROMIUM === undefined).each(['node', 'workerd'] as const)(
  `the Manager's shell and lists on %s${WITHOUT_BROWSER}`,
  (runtime) => {
    let gateway: RunningGateway
    let browser: Browser
    let watched: Watched
    let page: Page

    beforeAll(async () => {
      gateway = await startGateway(runtime)
      browser = await openBrowser()
      await fill(gateway.adminUrl)
    })
    afterAll(async () => {
      await browser?.close()
      await gateway?.stop()
    })
    afterEach(async () => {
      const { complaints } = watched
      await watched.close()
      expect(complaints).toEqual([])
    })

    const open = async (place: string, options = {}): Promise<void> => {
      watched = await openPage(browser, options)
      page = watched.page
      await page.goto(`${gateway.adminUrl}/manager#/${place}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
    }
    const heading = () => page.getByRole('heading', { level: 1 }).textContent()
    const rowNames = () => page.locator('tbody th').allTextContents()

    it('goes to every section of the menu, and says where it is', async () => {
      await open('')
      for (const section of SECTIONS) {
        const link = page.getByRole('navigation', { name: 'Sections' }).getByRole('link', {
          name: section,
          exact: true,
        })
        await link.click()
        await page.getByRole('heading', { level: 1, name: section, exact: true }).waitFor()
        expect(await link.getAttribute('aria-current')).toBe('page')
        await page.waitForFunction(
          (title) => document.title === title,
          `${section} · Gibbon Manager`,
        )
      }
    })

    it('lists page by page', async () => {
      await open('services')
      await page.getByText('s-', { exact: false }).first().waitFor()
      expect(await rowNames()).toHaveLength(30)
      const first = await rowNames()
      await page.getByRole('button', { name: 'Next' }).click()
      await page.waitForFunction(
        (name) => document.querySelector('tbody th')?.textContent !== name,
        first[0],
      )
      expect(await rowNames()).toHaveLength(5)
      await page.getByRole('button', { name: 'Previous' }).click()
      await page.waitForFunction(
        (name) => document.querySelector('tbody th')?.textContent === name,
        first[0],
      )
    })

    it('finds by exact name, by id and by tag', async () => {
      await open('services')
      const box = page.getByLabel('Filter by exact name or ID')
      await box.fill('s-7')
      await box.press('Enter')
      await page.getByRole('link', { name: 's-7', exact: true }).waitFor()
      expect(await rowNames()).toEqual(['s-7'])
      await box.fill('nobody')
      await box.press('Enter')
      await page.getByText('No service is called “nobody”').waitFor()
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.getByLabel('Filter by tag').fill('odd')
      await page.getByLabel('Filter by tag').press('Enter')
      await page.getByRole('link', { name: 's-9', exact: true }).waitFor()
      expect((await rowNames()).every((name) => Number(name.slice(2)) % 2 === 1)).toBe(true)
    })

    it('switches a service off and takes that back', async () => {
      await open('services?search=s-1')
      const knob = page.getByRole('switch', { name: 'Enable s-1' })
      await knob.click()
      await page.getByText('s-1 disabled').waitFor()
      expect((await ask(gateway, 'GET', '/services/s-1')).enabled).toBe(false)
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('Undone').waitFor()
      expect((await ask(gateway, 'GET', '/services/s-1')).enabled).toBe(true)
      await page.waitForFunction(
        () => document.querySelector('[role=switch]')?.getAttribute('aria-checked') === 'true',
      )
    })

    it('deletes by keyboard alone, once the name is typed, and undoes it', async () => {
      await open('services?search=s-2')
      const menu = page.getByRole('button', { name: 'Actions for s-2' })
      await menu.focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: 'View' }).waitFor()
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Delete service s-2?' })
      await dialog.getByLabel('Type s-2 to confirm').focus()
      await page.keyboard.type('s-')
      expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true)
      expect(await violationsOn(page)).toEqual([])
      await page.keyboard.type('2')
      await page.keyboard.press('Enter')
      await page.getByText('Service s-2 deleted').waitFor()
      await page.getByText('No service is called “s-2”').waitFor()
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('link', { name: 's-2', exact: true }).waitFor()
    })

    it('closes a menu and a dialog by Escape, and gives the focus back', async () => {
      await open('services?search=s-3')
      const menu = page.getByRole('button', { name: 'Actions for s-3' })
      await menu.click()
      await page.keyboard.press('Escape')
      expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true)
      await menu.click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true)
    })

    it('moves the focus to the heading of each page, and skips the menu', async () => {
      await open('services')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New Service')
      await page.getByRole('link', { name: 'Routes', exact: true }).click()
      await page.getByRole('heading', { level: 1, name: 'Routes' }).waitFor()
      await page.waitForFunction(() => document.activeElement?.textContent === 'Routes')
      const skip = page.getByRole('link', { name: 'Skip to content' })
      await skip.focus()
      await page.keyboard.press('Enter')
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
      expect(await heading()).toBe('Routes')
    })

    it('shows a row as a table, JSON and YAML, and what is below it', async () => {
      await open('services/s-1')
      await page.getByRole('heading', { level: 1, name: 's-1' }).waitFor()
      await page.getByText('Connect timeout').waitFor()
      await page.getByRole('tab', { name: 'Table' }).focus()
      await page.keyboard.press('ArrowRight')
      await page.getByText('"connect_timeout": 60000').waitFor()
      await page.keyboard.press('ArrowRight')
      await page.getByText('connect_timeout: 60000').waitFor()
      await page.getByRole('navigation', { name: 'About this service' }).getByText('Routes').click()
      await page.getByRole('link', { name: 'r-1' }).click()
      await page.getByRole('heading', { level: 1, name: 'r-1' }).waitFor()
    })

    it('says what is not there', async () => {
      await open('services/nobody')
      await page.getByRole('alert').getByText('Not found').waitFor()
      await page.evaluate(() => {
        location.hash = '#/nonsense'
      })
      await page.getByText('There is no such page').waitFor()
    })

    it.each(LOOKS.slice(0, runtime === 'node' ? LOOKS.length : 1))(
      'has nothing for axe-core to say, %s and %i wide',
      async (colorScheme, width) => {
        await open('services', { colorScheme, viewport: { width, height: 800 } })
        const places = [
          'services',
          'services/s-1',
          'services/s-1/routes',
          'consumers/c',
          'consumers/c/credentials',
          'vaults',
          'nonsense',
        ]
        for (const place of places) {
          await page.goto('about:blank')
          await page.goto(`${gateway.adminUrl}/manager#/${place}`)
          await page.getByRole('heading', { level: 1 }).waitFor()
          await page.getByText('Loading…').first().waitFor({ state: 'detached' })
          expect([place, await violationsOn(page)]).toEqual([place, []])
          const wide = await page.evaluate(() => document.documentElement.scrollWidth)
          expect([place, wide]).toEqual([place, width])
        }
      },
    )

    it('folds its menu away on a phone', async () => {
      await open('services', { viewport: { width: 360, height: 700 } })
      const menu = page.getByRole('button', { name: 'Menu', exact: true })
      const link = page.getByRole('link', { name: 'Upstreams', exact: true })
      expect(await link.isVisible()).toBe(false)
      await menu.click()
      await link.click()
      await page.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor()
      expect(await link.isVisible()).toBe(false)
    })
  },
)

/** 35 services, two routes, a consumer with a key. */
async function fill(adminUrl: string): Promise<void> {
  const services = Array.from({ length: 35 }, (_, at) => ({
    name: `s-${at}`,
    host: 'localhost',
    tags: [at % 2 === 1 ? 'odd' : 'even'],
  }))
  for (const service of services) await send(adminUrl, 'POST', '/services', service)
  await send(adminUrl, 'POST', '/services/s-1/routes', { name: 'r-1', paths: ['/one'] })
  await send(adminUrl, 'POST', '/consumers', { username: 'c' })
  await send(adminUrl, 'POST', '/consumers/c/key-auth', { key: 'sesame' })
}

async function send(url: string, method: string, path: string, body?: unknown): Promise<Row> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { 'Content-Type': 'application/json' },
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  return (await response.json()) as Row // what the Admin API answers with
}

type Row = Readonly<Record<string, unknown>>

function ask({ adminUrl }: RunningGateway, method: string, path: string): Promise<Row> {
  return send(adminUrl, method, path)
}
