import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { CHROMIUM, openBrowser, openPage, violationsOn, WITHOUT_BROWSER } from './browser.ts'

const TOKEN = 'open-sesame'

describe.skipIf(CHROMIUM === undefined).each(['node', 'workerd'] as const)(
  `logging in to the Manager on %s${WITHOUT_BROWSER}`,
  (runtime) => {
    let gateway: RunningGateway
    let browser: Browser

    beforeAll(async () => {
      gateway = await startGateway(runtime, { settings: { admin_token: TOKEN } })
      browser = await openBrowser()
    })
    afterAll(async () => {
      await browser?.close()
      await gateway?.stop()
    })

    const logIn = async (page: Page, token: string): Promise<void> => {
      await page.getByLabel('Admin token').fill(token)
      await page.getByRole('button', { name: 'Log in' }).click()
    }

    it('asks for the token, and goes on where it was', async () => {
      const { page, complaints, close } = await openPage(browser)
      await page.goto(`${gateway.adminUrl}/manager#/services`)
      await page.getByRole('dialog', { name: 'Log in' }).waitFor()
      expect(await violationsOn(page)).toEqual([])
      // There is no way around it.
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.getByLabel('Admin token').waitFor()
      await logIn(page, 'wrong')
      await page.getByRole('alert').getByText('This is not the token').waitFor()
      await logIn(page, TOKEN)
      await page.getByText('No services yet').waitFor()

      await page.reload()
      await page.getByText('No services yet').waitFor()
      expect(await storedIn(page)).toEqual({ cookie: '', storage: 0 })
      await page.getByRole('button', { name: 'Log out' }).click()
      await page.getByRole('dialog', { name: 'Log in' }).waitFor()
      expect(complaints).toEqual([])
      await close()
    })

    it('asks again over what was typed when the login has ended', async () => {
      const { page, close } = await openPage(browser)
      await page.goto(`${gateway.adminUrl}/manager#/services`)
      await logIn(page, TOKEN)
      await page.getByText('No services yet').waitFor()
      await page.getByLabel('Filter by exact name or ID').fill('half-typed')
      await page.context().clearCookies()
      await page.getByLabel('Filter by tag').fill('some')
      await page.getByLabel('Filter by tag').press('Enter')
      await page.getByRole('dialog', { name: 'Log in' }).waitFor()
      await logIn(page, TOKEN)
      await page.getByText('No service has the tag “some”').waitFor()
      expect(await page.getByLabel('Filter by exact name or ID').inputValue()).toBe('half-typed')
      await close()
    })
  },
)

describe.skipIf(CHROMIUM === undefined)(`admin_gui_listen${WITHOUT_BROWSER}`, () => {
  it('serves the Manager on a port of its own, login and all', async () => {
    const [port] = await freePorts()
    const settings = { admin_token: TOKEN, admin_gui_listen: `127.0.0.1:${port}` }
    const gateway = await startGateway('node', { settings })
    const browser = await openBrowser()
    try {
      const { page, complaints } = await openPage(browser)
      await page.goto(`http://127.0.0.1:${port}/#/upstreams`)
      await logInThere(page)
      await page.getByText('No upstreams yet').waitFor()
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
      await gateway.stop()
    }
  })
})

async function logInThere(page: Page): Promise<void> {
  await page.getByLabel('Admin token').fill(TOKEN)
  await page.getByRole('button', { name: 'Log in' }).click()
}

function storedIn(page: Page): Promise<unknown> {
  return page.evaluate(() => ({
    cookie: document.cookie,
    storage: localStorage.length + sessionStorage.length,
  }))
}
