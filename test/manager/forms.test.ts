import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTarget, type Target } from '../blackbox/target.ts'
import { WITHOUT_BROWSER } from './browser.ts'
import { CHROMIUM, type FormsWorld, MANAGER_RUNTIMES, openForms } from './forms-world.ts'

describe.skipIf(CHROMIUM === undefined).each(MANAGER_RUNTIMES)(
  `the Manager's forms on %s${WITHOUT_BROWSER}`,
  (runtime) => {
    let world: FormsWorld
    let targets: readonly [Target, Target]
    beforeAll(async () => {
      targets = await Promise.all([startTarget('a'), startTarget('b')])
      world = await openForms(runtime)
    })
    afterAll(async () => {
      await world?.close()
      await Promise.all(targets.map((target) => target.close()))
    })
    afterEach(() => {
      const unasked = world.complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))
      expect(unasked).toEqual([])
    })

    const button = (name: string) => world.page.getByRole('button', { name, exact: true })
    const link = (name: string) => world.page.getByRole('link', { name, exact: true })
    const field = (label: string) => world.page.getByLabel(label, { exact: true })
    const heading = (name: string) =>
      world.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

    // The page is the same there; these take fields of upstreams that Workers refuse.
    const onNode = it.skipIf(runtime === 'workerd')

    it("carries out Kong's guide by hand", async () => {
      const { page, api, gateway } = world
      const url = `http://localhost:${targets[0].port}`
      await api('POST', '/services', { name: 'example_service', url })
      await api('POST', '/services/example_service/routes', { name: 'example', paths: ['/mock'] })

      await world.open('')
      await link('Upstreams').click()
      await link('New Upstream').first().click()
      await field('Name').fill('example_upstream')
      await button('Create').click()
      await heading('Upstreams')
      await button('Actions for example_upstream').click()
      await page.getByRole('menuitem', { name: 'View' }).click()
      await heading('example_upstream')
      await link('Targets').click()
      for (const { port } of targets) {
        await link('New Target').first().click()
        await field('Target Address').fill(`localhost:${port}`)
        await button('Create').click()
        await page
          .getByRole('region', { name: 'Targets' })
          .getByText(`localhost:${port}`)
          .first()
          .waitFor()
      }

      await link('Services').click()
      await link('example_service').click()
      await link('Edit').click()
      await field('Host').fill('example_upstream')
      await button('Update').click()
      await heading('example_service')

      const names = new Set<string>()
      for (let turn = 0; turn < 4; turn++) {
        const answer = await fetch(`${gateway.proxyUrl}/mock/`)
        const { target }: { target: string } = JSON.parse(await answer.text())
        names.add(target)
      }
      expect([...names].sort()).toEqual(['a', 'b'])
    })

    it('saves only what is valid and changed, and by Ctrl+Enter too', async () => {
      const { page, api } = world
      await world.open('upstreams/new')
      expect(await button('Create').isDisabled()).toBe(true)
      await field('Name').fill('by-keys')
      await field('Slots').fill('9')
      await page.getByText('Give a number from 10 to 65536').waitFor()
      expect(await field('Slots').getAttribute('aria-invalid')).toBe('true')
      expect(await button('Create').isDisabled()).toBe(true)
      await field('Slots').fill('1000')
      await field('Tags').pressSequentially('one,two')
      await field('Tags').press('Control+Enter')
      await heading('Upstreams')
      expect(await api('GET', '/upstreams/by-keys')).toMatchObject({
        slots: 1000,
        tags: ['one', 'two'],
      })

      await world.open('upstreams/by-keys/edit')
      expect(await button('Update').isDisabled()).toBe(true)
      await field('Host header').fill('h.test')
      await field('Host header').fill('')
      expect(await button('Update').isDisabled()).toBe(true)
    })

    onNode("says the gateway's errors at their fields, and keeps what was typed", async () => {
      const { page } = world
      await world.open('upstreams/new')
      await field('Name').fill('10.0.0.1')
      await field('Host header').fill('fine.test')
      await button('Create').click()
      await page.getByText("Invalid name ('10.0.0.1'); no ip addresses allowed").waitFor()
      await expect.poll(() => focused()).toBe('field-name')
      expect(await field('Host header').inputValue()).toBe('fine.test')
      await field('Name').fill('by-keys')
      expect(await page.getByText('no ip addresses allowed').count()).toBe(0)
      await button('Create').click()
      await page.getByText('Another one has this already').waitFor()
      expect(await world.violations()).toEqual([])
    })

    it('opens the fold an error is in', async () => {
      const { page } = world
      await world.open('routes/new')
      await field('Name').fill('folded')
      await field('Paths').fill('/folded')
      await page.getByText('Advanced').click()
      await field('SNIs').fill('a b')
      await page.getByText('Advanced').click()
      await button('Create').click()
      await expect.poll(() => focused()).toBe('field-snis')
    })

    it('shows what will be sent', async () => {
      const { page } = world
      await world.open('upstreams/new')
      await field('Name').fill('seen')
      await page.getByRole('switch', { name: 'Active health checks' }).click()
      await button('View configuration').click()
      const code = page.getByRole('region', { name: 'What will be sent' })
      expect(JSON.parse((await code.textContent()) ?? '')).toMatchObject({
        name: 'seen',
        healthchecks: { active: { healthy: { interval: 5 } } },
      })
      await button('YAML').click()
      expect(await code.textContent()).toContain('name: seen')
      expect(await world.violations()).toEqual([])
      await button('Close').click()
    })

    onNode(
      'loses nothing when the gateway cannot be reached, nor when the login has expired',
      async () => {
        const { page, api } = world
        const { id } = await api('POST', '/upstreams', { name: 'kept' })
        await world.open('upstreams/kept/edit')
        await field('Host header').fill('kept.test')
        const path = '**/upstreams/kept'
        await page.route(path, (route) => route.abort('connectionrefused'), { times: 1 })
        await button('Update').click()
        await page.getByText('The gateway cannot be reached').waitFor()
        expect(await field('Host header').inputValue()).toBe('kept.test')

        await page.route(path, (route) => route.fulfill({ status: 401, json: {} }), { times: 1 })
        await page.route('**/manager/session', (route) => route.fulfill({ json: {} }))
        await button('Update').click()
        await field('Admin token').fill('t')
        await button('Log in').click()
        await heading('kept')
        expect(await api('GET', `/upstreams/${id}`)).toMatchObject({ host_header: 'kept.test' })
      },
    )

    it('keeps to what hashing allows', async () => {
      await world.open('upstreams/new')
      await field('Name').fill('hashing')
      expect(await field('Hash fallback').isDisabled()).toBe(true)
      await field('Algorithm').selectOption('consistent-hashing')
      expect(await button('Create').isDisabled()).toBe(true)
      await field('Hash on').selectOption('ip')
      expect(await field('Hash fallback').locator('option').allTextContents()).not.toContain('ip')
      await field('Hash fallback').selectOption('header')
      await field('Hash fallback header').fill('X-A')
      expect(await button('Create').isEnabled()).toBe(true)
      await field('Hash on').selectOption('cookie')
      expect(await field('Hash fallback').isDisabled()).toBe(true)
      expect(await field('Hash fallback').inputValue()).toBe('none')
      await field('Hash on').selectOption('none')
      expect(await field('Algorithm').inputValue()).toBe('round-robin')
      expect(await world.violations()).toEqual([])
    })

    it('asks before it loses what was typed', async () => {
      const { page } = world
      await world.open('consumers/new')
      await field('Username').fill('ann')
      await link('Services').click()
      await button('Keep editing').click()
      expect(await field('Username').inputValue()).toBe('ann')
      expect(page.url()).toContain('#/consumers/new')
      await link('Cancel').click()
      await button('Discard changes').click()
      await heading('Consumers')
    })

    onNode.each(['Overwrite', 'Load theirs'])(
      'tells of what somebody else changed: %s',
      async (choice) => {
        const { page, api } = world
        const name = `shared-${choice.length}`
        await api('POST', '/upstreams', { name })
        await world.open(`upstreams/${name}/edit`)
        await field('Host header').fill('mine.test')
        await api('PATCH', `/upstreams/${name}`, { slots: 500, host_header: 'theirs.test' })
        await button('Update').click()
        await page
          .getByText('They changed: Host header, Slots.')
          .or(page.getByText('They changed: Slots, Host header.'))
          .waitFor()
        await button(choice).click()
        if (choice === 'Overwrite') {
          await heading(name)
          expect(await api('GET', `/upstreams/${name}`)).toMatchObject({
            slots: 500,
            host_header: 'mine.test',
          })
        } else {
          await expect.poll(() => field('Host header').inputValue()).toBe('theirs.test')
          expect(await button('Update').isDisabled()).toBe(true)
        }
      },
    )

    function focused() {
      return world.page.evaluate(() => document.activeElement?.id)
    }
  },
)
