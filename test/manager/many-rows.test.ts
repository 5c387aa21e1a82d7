import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { CHROMIUM, openBrowser, openPage, violationsOn, WITHOUT_BROWSER } from './browser.ts'

/** More than take the table's way for many, and than the dialog has parts and their parts. */
const ROWS = 600

describe.skipIf(CHROMIUM === undefined)(`a list of ${ROWS} rows${WITHOUT_BROWSER}`, () => {
  let gateway: RunningGateway
  let browser: Browser

  beforeAll(async () => {
    gateway = await startGateway('node')
    browser = await openBrowser()
    for (let at = 0; at < ROWS; at++) {
      const body = JSON.stringify({ name: `s-${at}`, host: 'localhost' })
      const headers = { 'Content-Type': 'application/json' }
      await fetch(`${gateway.adminUrl}/services`, { method: 'POST', body, headers })
    }
  }, 30_000)
  afterAll(async () => {
    await browser?.close()
    await gateway?.stop()
  })

  const openList = async () => {
    const watched = await openPage(browser)
    const { page } = watched
    await page.goto(`${gateway.adminUrl}/manager#/services`)
    await page.getByLabel('Rows on a page').selectOption('1000')
    await page.waitForFunction(
      (count) => document.querySelectorAll('tbody tr').length === count,
      ROWS,
    )
    return watched
  }

  it('does nothing for each row when it asks whether one may go', async () => {
    const { page, complaints, close } = await openList()
    await page.getByRole('button', { name: 'Actions for s-' }).first().click()
    const item = page.getByRole('menuitem', { name: 'Delete' })
    await item.waitFor()
    const debug = await page.context().newCDPSession(page)
    await debug.send('Profiler.enable')
    await debug.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
    await item.click()
    await page.getByRole('dialog', { name: 'Delete service s-' }).waitFor()
    const { result } = await debug.send('Profiler.takePreciseCoverage')
    const calls = result
      .filter(({ url }) => url.includes('/manager'))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges[0]?.count ?? 0))
    expect(Math.max(...calls)).toBeGreaterThan(0)
    expect(Math.max(...calls)).toBeLessThan(ROWS)

    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
    await close()
  })

  it('leaves out what is out of sight, until it is scrolled to', async () => {
    const { page, close } = await openList()
    const drawn = (row: 'first' | 'last') =>
      page
        .locator('tbody tr')
        [row]()
        .locator('a')
        .first()
        .evaluate((link) => link.checkVisibility({ contentVisibilityAuto: true }))
    await expect.poll(() => drawn('first')).toBe(true)
    await expect.poll(() => drawn('last')).toBe(false)
    await page.locator('tbody tr').last().scrollIntoViewIfNeeded()
    await expect.poll(() => drawn('last')).toBe(true)
    await close()
  })

  it('is a table for screen readers, with its columns in line and its menus whole', async () => {
    const { page, close } = await openList()
    expect(await page.getByRole('columnheader').count()).toBe(9)
    expect(await page.getByRole('row').first().getByRole('columnheader').count()).toBe(9)
    const row = page.getByRole('row').nth(1)
    expect(await row.getByRole('rowheader').count()).toBe(1)
    expect(await row.getByRole('cell').count()).toBe(8)
    const left = (name: string) =>
      page.locator(name).evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().x))
    expect(await left('tbody tr:first-child > *')).toEqual(await left('thead tr > *'))

    await row.getByRole('button').click()
    const menu = page.getByRole('menu')
    const last = menu.getByRole('menuitem').last()
    await last.waitFor()
    // Nothing of the row's cuts it off.
    const seen = await last.evaluate((item) => {
      const { left: x, top: y, width, height } = item.getBoundingClientRect()
      return document.elementFromPoint(x + width / 2, y + height / 2) === item
    })
    expect(seen).toBe(true)
    expect(await violationsOn(page)).toEqual([])
    await close()
  })
})
