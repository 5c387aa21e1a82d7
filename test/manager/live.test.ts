import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTarget, type Target } from '../blackbox/target.ts'
import { CHROMIUM, type FormsWorld, MANAGER_RUNTIMES, openForms } from './forms-world.ts'

const without = CHROMIUM === undefined ? ' (skipped: there is no chromium)' : ''
/** How long the page may take to see what happened: it asks every second, and looks back ten. */
const SOON = 15_000

describe.skipIf(CHROMIUM === undefined).each(MANAGER_RUNTIMES)(
  `the Manager's live pages on %s${without}`,
  (runtime) => {
    let world: FormsWorld
    let targets: readonly [Target, Target]
    let upstream: string
    let traffic: ReturnType<typeof setInterval>

    beforeAll(async () => {
      targets = await Promise.all([startTarget('a'), startTarget('b')])
      world = await openForms(runtime)
      const { api } = world
      const probe = { interval: 0.2, http_failures: 1, tcp_failures: 1, timeouts: 1 }
      const active = {
        http_path: '/',
        timeout: 1,
        healthy: { interval: 0.2, successes: 1 },
        unhealthy: probe,
      }
      const made = await api('POST', '/upstreams', { name: 'u', healthchecks: { active } })
      upstream = String(made.id)
      for (const { port } of targets) {
        await api('POST', '/upstreams/u/targets', { target: `127.0.0.1:${port}` })
      }
      await api('POST', '/services', { name: 'shop', host: 'u' })
      await api('POST', '/services/shop/routes', { name: 'all', paths: ['/a'] })
      await api('POST', '/services/shop/routes', {
        name: 'posts',
        paths: ['/a'],
        methods: ['POST'],
      })
      const { proxyUrl } = world.gateway
      traffic = setInterval(() => {
        void fetch(`${proxyUrl}/a/x`)
          .then((answer) => answer.arrayBuffer())
          .catch(() => undefined)
      }, 25)
    })
    afterAll(async () => {
      clearInterval(traffic)
      await world?.close()
      await Promise.all(targets.map((target) => target.close()))
    })
    afterEach(() => expect(world.complaints).toEqual([]))

    const button = (name: string | RegExp) => world.page.getByRole('button', { name })
    const rowOf = ({ port }: Target) => world.page.getByRole('row', { name: `127.0.0.1:${port}` })
    const shareOf = async (target: Target) => {
      const text = await rowOf(target).locator('.share-text').textContent()
      return Number(/(\d+) %/.exec(text ?? '')?.[1] ?? Number.NaN)
    }
    const healthOf = (target: Target) => rowOf(target).locator('.health').textContent()
    /** What axe-core finds, in light and in dark. */
    const violations = async () => {
      const light = await world.violations()
      await world.page.emulateMedia({ colorScheme: 'dark' })
      const dark = await world.violations()
      await world.page.emulateMedia({ colorScheme: 'light' })
      return [...light, ...dark]
    }
    const soon = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: SOON, interval: 250 })

    it('shows the shares of two targets, and what becomes of one that dies', async () => {
      const [one, other] = targets
      await world.open(`upstreams/${upstream}/targets`)
      await rowOf(one).waitFor()
      for (const target of targets) {
        await soon(() => shareOf(target)).toBeGreaterThan(40)
        expect(await shareOf(target)).toBeLessThan(60)
        expect(await rowOf(target).textContent()).toContain('probe every 0.2 s')
      }
      expect(await violations()).toEqual([])

      const drain = button(`Drain 127.0.0.1:${other.port}`)
      await drain.focus()
      await one.close()
      await soon(() => healthOf(one)).toContain('Unhealthy')
      await soon(() => shareOf(one)).toBe(0)
      expect(await shareOf(other)).toBe(100)
      const story = world.page.getByRole('region', { name: 'Health events' })
      expect(await story.textContent()).toContain(`127.0.0.1:${one.port} unhealthy`)
      const news = await world.page.locator('p[aria-live=polite]').textContent()
      expect(news).toContain(`127.0.0.1:${one.port} is unhealthy`)
      expect(await violations()).toEqual([])

      // All the while the page was made anew every second.
      expect(await drain.evaluate((element) => element.matches(':focus'))).toBe(true)

      await one.open()
      await soon(() => healthOf(one)).toContain('Healthy')
      await soon(() => shareOf(one)).toBeGreaterThan(10)
    }, 60_000)

    it('shows shares before weights are saved, and saves them', async () => {
      const [one, other] = targets
      await world.open(`upstreams/${upstream}/targets`)
      await button('Change Weights').click()
      const form = world.page.getByRole('form', { name: 'Weights' })
      await form.getByLabel(`Weight of 127.0.0.1:${one.port}`).fill('50')
      await form.getByLabel(`Weight of 127.0.0.1:${other.port}`).fill('150')
      const slider = form.getByRole('slider', { name: `127.0.0.1:${one.port}` })
      expect(await slider.inputValue()).toBe('50')
      expect(await form.locator('output').allTextContents()).toEqual(
        expect.arrayContaining(['50 % → 25 %', '50 % → 75 %']),
      )
      expect(await violations()).toEqual([])
      await form.getByRole('button', { name: 'Save Weights' }).click()
      await form.waitFor({ state: 'detached' })
      const { data } = await world.api<{ data: { target: string; weight: number }[] }>(
        'GET',
        '/upstreams/u/targets',
      )
      expect(data.find(({ target }) => target.endsWith(`:${one.port}`))?.weight).toBe(50)
      await soon(() => shareOf(other)).toBeGreaterThan(65)
    }, 60_000)

    it('drains a target until it is safe to remove, and gives it traffic again', async () => {
      const [one] = targets
      await world.open(`upstreams/${upstream}/targets`)
      await button(`Drain 127.0.0.1:${one.port}`).click()
      await soon(() => healthOf(one)).toContain('Safe to remove')
      await soon(() => shareOf(one)).toBe(0)
      await button(`Give 127.0.0.1:${one.port} traffic again`).click()
      await soon(() => healthOf(one)).toContain('Healthy')
      const { data } = await world.api<{ data: { target: string; weight: number }[] }>(
        'GET',
        '/upstreams/u/targets',
      )
      expect(data.find(({ target }) => target.endsWith(`:${one.port}`))?.weight).toBe(50)
    }, 60_000)

    it('takes a target out and in by hand', async () => {
      const [one] = targets
      await world.api('PATCH', '/upstreams/u', {
        healthchecks: { active: { healthy: { interval: 0 }, unhealthy: { interval: 0 } } },
      })
      await world.api('PATCH', '/upstreams/u', {
        healthchecks: { passive: { unhealthy: { http_failures: 3 } } },
      })
      await world.open(`upstreams/${upstream}/targets`)
      await button(`Set 127.0.0.1:${one.port} unhealthy`).click()
      await soon(() => rowOf(one).textContent()).toContain('when set healthy')
      await button(`Set 127.0.0.1:${one.port} healthy`).click()
      await soon(() => healthOf(one)).toContain('Healthy')
    }, 60_000)

    it('shows the overview: the gateway, its services and what to look at', async () => {
      const { page } = world
      await world.open('')
      const row = page.getByRole('row', { name: 'shop' })
      await row.waitFor()
      await soon(async () => Number(await row.locator('td').first().textContent())).toBeGreaterThan(
        1,
      )
      const main = page.locator('main')
      expect(await main.textContent()).toContain('The Admin API has no token')
      const facts = await page.getByRole('region', { name: 'Configuration' }).textContent()
      expect(facts).toMatch(/Revision\d+/)
      expect(facts).toContain('KVanswers')
      expect(await violations()).toEqual([])
    }, 60_000)

    it('explains a request and really sends it', async () => {
      const { page } = world
      await world.open('try')
      await page.getByLabel('URL or path').fill('http://a.test/a/b')
      await button('Explain').click()
      const way = page.getByRole('region', { name: 'What becomes of it' })
      await way.waitFor()
      expect(await way.textContent()).toContain('Route: all')
      expect(await way.textContent()).toContain('posts: wants POST, this is GET')
      expect(await way.textContent()).toContain(`127.0.0.1:${targets[1].port}`)
      expect(await violations()).toEqual([])

      await page.getByText('Headers, body and client address').click()
      await page.getByLabel('Headers, one a line').fill('X-One: 1')
      await page.getByLabel('Body (for Send)').fill('hello')
      await page.getByLabel('Method').selectOption('POST')
      await button('Send').click()
      const answer = page.getByRole('region', { name: /^Answer: 200/ })
      await answer.waitFor()
      const seen = targets.flatMap(({ seen }) => seen).find(({ method }) => method === 'POST')
      expect(seen).toMatchObject({ body: 'hello' })
      expect(seen?.headers.join('\n')).toMatch(/x-one\n1/i)
      expect(await violations()).toEqual([])

      await page.getByLabel('Headers, one a line').fill('no header')
      await button('Explain').click()
      await page.getByText('Write header=Name: value').waitFor()
    }, 60_000)

    it('compares an edited configuration, tells what is wrong by lines, and applies it', async () => {
      const { page } = world
      await world.open('config')
      const field = page.getByLabel('Configuration as decK’s YAML')
      await soon(() => field.inputValue()).toContain('name: shop')
      const text = await field.inputValue()

      await field.fill(`${text}consumers:\n- username: 7\n  colour: red\n`)
      await button('Show Differences').click()
      const line = button(/^Line \d+$/)
      await line.waitFor()
      await line.click()
      expect(await page.evaluate('String(getSelection())')).toContain('username')
      expect(await violations()).toEqual([])

      await field.fill(
        text.replace('name: posts', 'name: letters').concat('consumers: [{username: mia}]\n'),
      )
      await button('Show Differences').click()
      const diff = page.getByRole('region', { name: 'Differences' })
      await soon(() => diff.textContent()).toContain('created consumer mia')
      expect(await diff.textContent()).toMatch(/route letters/)
      expect(await violations()).toEqual([])

      // Somebody else comes first: what was typed stays, and is compared anew.
      await world.api('POST', '/consumers', { username: 'ben' })
      await button(/^Apply \d+ Changes$/).click()
      await page.getByText('The configuration was changed since you read it').waitFor()
      expect(await field.inputValue()).toContain('letters')
      await button('Try again').click()
      await soon(() => diff.textContent()).toContain('deleted consumer ben')

      await button(/^Apply \d+ Changes$/).click()
      await page.getByText(/changes applied/).waitFor()
      expect((await world.api('GET', '/consumers/mia')).username).toBe('mia')
      await soon(() => field.inputValue()).toContain('letters')
      await expect.poll(() => world.api('GET', '/consumers/ben').catch(() => 'gone')).toBe('gone')

      await page.getByLabel('Or choose a file').setInputFiles({
        name: 'kong.yaml',
        mimeType: 'application/yaml',
        buffer: Buffer.from('_format_version: "3.0"\n# from a file\n'),
      })
      await soon(() => field.inputValue()).toContain('# from a file')
      await button('Discard Edits').click()
      expect(await field.inputValue()).toContain('letters')
    }, 60_000)

    it('shows who changed what, and goes back to how it was', async () => {
      const { page } = world
      await world.open('history')
      const first = page.getByRole('listitem').filter({ hasText: 'current' })
      expect(await first.textContent()).toContain('created consumers mia')
      expect(await violations()).toEqual([])
      await button(/^Go back to revision/)
        .first()
        .click()
      const dialog = page.getByRole('dialog')
      await dialog.waitFor()
      expect(await violations()).toEqual([])
      await dialog.getByRole('button', { name: 'Go Back' }).click()
      await page.getByText(/Everything is as it was/).waitFor()
      const { data } = await world.api<{ data: unknown[] }>('GET', '/consumers')
      expect(data).toMatchObject([{ username: 'ben' }])
    }, 60_000)

    it('rests while nobody looks, and goes on when somebody does', async () => {
      const { page } = world
      await page.clock.install()
      await world.open(`upstreams/${upstream}/targets`)
      await rowOf(targets[0]).waitFor()
      const hide = (hidden: boolean) =>
        page.evaluate(
          `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })`,
        )
      await hide(true)
      await page.clock.runFor(1500)
      let asked = 0
      page.on('request', () => asked++)
      await page.clock.runFor(10_000)
      expect(asked).toBe(0)
      await hide(false)
      await page.clock.runFor(2000)
      expect(asked).toBeGreaterThan(0)
    }, 60_000)
  },
)
