import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { titleOf } from '../../manager/forms/words.ts'
import { WITHOUT_BROWSER } from './browser.ts'
import { CHROMIUM, type FormsWorld, openForms } from './forms-world.ts'

describe.skipIf(CHROMIUM === undefined)(`the Manager's plugin forms${WITHOUT_BROWSER}`, () => {
  let world: FormsWorld
  let service = ''
  beforeAll(async () => {
    world = await openForms()
    service = String((await world.api('POST', '/services', { name: 's', host: 'a.test' })).id)
    await world.api('POST', '/consumers', { username: 'ann' })
  })
  afterAll(() => world?.close())
  afterEach(() => expect(world.complaints).toEqual([]))

  const button = (name: string) => world.page.getByRole('button', { name, exact: true })
  const field = (label: string) => world.page.getByLabel(label, { exact: true })
  const heading = (name: string) =>
    world.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

  it('are found in the catalogue', async () => {
    const { page } = world
    await world.open('plugins/new')
    await page.getByRole('heading', { name: 'Authentication' }).waitFor()
    expect(await world.violations()).toEqual([])
    await field('Filter plugins').fill('rate lim')
    await expect
      .poll(() => page.locator('.catalogue a').allTextContents())
      .toEqual(['Rate Limiting rate-limiting'])
    await page.getByRole('link', { name: /^Rate Limiting/ }).click()
    await heading('New Plugin: Rate Limiting')
  })

  it('bind a plugin to a service and a consumer, and change it', async () => {
    const { page, api } = world
    await world.open('plugins/new?plugin=rate-limiting')
    await page.getByText('Fill in one of: Second, Minute').waitFor()
    await field('Minute').fill('5')
    await page.getByText('Scoped: for a service').click()
    await page.getByText('Still to do: Choose what it is for').waitFor()
    await field('Service').fill('s')
    await field('Consumer').fill('ann')
    await field('Limit by').selectOption('ip')
    await page.getByText('Redis', { exact: true }).click()
    await field('Host').fill('redis.test')
    await button('Create').click()
    await heading('Plugins')
    const { data } = await api<{ data: { id: string }[] }>('GET', '/plugins')
    expect(data).toMatchObject([
      {
        name: 'rate-limiting',
        service: { id: service },
        config: { minute: 5, limit_by: 'ip', redis: { host: 'redis.test', port: 6379 } },
      },
    ])

    await world.open(`plugins/${data[0]?.id}/edit`)
    await expect.poll(() => field('Service').inputValue()).toBe('s')
    await field('Minute').fill('')
    await field('Hour').fill('9')
    await page.getByText('Global: for all requests').click()
    await button('Update').click()
    await expect
      .poll(() => api('GET', `/plugins/${data[0]?.id}`))
      .toMatchObject({
        service: null,
        consumer: null,
        config: { minute: null, hour: 9, redis: { host: 'redis.test' } },
      })
  })

  it('below a service are for that service', async () => {
    const { page, api } = world
    await world.open(`services/${service}/plugins/new`)
    await page.getByRole('link', { name: /^Key Auth/ }).click()
    await heading('New Plugin: Key Auth')
    expect(await field('Service').count()).toBe(0)
    await field('Key names').fill('x-key')
    await field('Key names').press('Enter')
    await button('Remove apikey').click()
    await button('Create').click()
    await heading('s')
    const { data } = await api<{ data: unknown[] }>('GET', `/services/${service}/plugins`)
    expect(data).toContainEqual(
      expect.objectContaining({
        name: 'key-auth',
        config: expect.objectContaining({ key_names: ['x-key'] }),
      }),
    )
  })

  it('say what the gateway refuses deep in a configuration, and open its fold', async () => {
    const { page } = world
    await world.open('plugins/new?plugin=rate-limiting')
    await field('Minute').fill('5')
    await field('Policy').selectOption('redis')
    await button('Create').click()
    await page.getByText('This must be filled in').waitFor()
    await expect.poll(() => field('Host').getAttribute('aria-invalid')).toBe('true')
    expect(await field('Host').isVisible()).toBe(true)
    expect(await world.violations()).toEqual([])
  })

  it('hide secrets until they are asked for', async () => {
    await world.open('consumers/ann/key-auth/new')
    expect(await field('Key').getAttribute('type')).toBe('password')
    await field('Key').fill('sesame')
    await button('Show').click()
    expect(await field('Key').getAttribute('type')).toBe('text')
    expect(await field('Key').inputValue()).toBe('sesame')
    await field('Key').fill('')
  })

  it('are there for every plugin, without a violation', async () => {
    const { page, api } = world
    const { plugins } = await api<{ plugins: { available_on_server: object } }>('GET', '/')
    const wrong: string[] = []
    await world.open('plugins/new')
    for (const name of Object.keys(plugins.available_on_server)) {
      await page.evaluate(
        (to) => Reflect.set(Reflect.get(globalThis, 'location'), 'hash', to),
        `#/plugins/new?plugin=${name}`,
      )
      await heading(`New Plugin: ${titleOf(name)}`)
      await page.getByRole('heading', { level: 2, name: 'Plugin configuration' }).waitFor()
      await page.locator('details').evaluateAll((folds) => {
        for (const fold of folds) Reflect.set(fold, 'open', true)
      })
      wrong.push(...(await world.violations()).map((text) => `${name}: ${text}`))
    }
    expect(wrong).toEqual([])
  }, 120_000)
})
