import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pluginConfigs } from '../deck/plugin-configs.ts'
import { expectPeace, fillIn, type Step, shownJson, submit } from './steps.ts'
import { openWorld, PATIENCE, READY, WITHOUT, type World } from './world.ts'

const ID = '[0-9a-f]{8}-[0-9a-f-]{27}'

interface Plugin extends Record<string, unknown> {
  readonly id: string
  readonly config: Record<string, unknown>
}

/** What is filled in beyond what the form has by itself, and what becomes of it. */
const MADE: readonly [name: string, steps: readonly Step[], config: Record<string, unknown>][] = [
  ['key-auth', [], { key_names: ['apikey'] }],
  ['cors', [{ click: '#config-credentials' }], { credentials: true }],
  ['rate-limiting', [{ field: '#config-minute', text: '5' }], { minute: 5, policy: 'local' }],
  ['proxy-cache', [{ select: '#config-strategy', option: 'memory' }], { strategy: 'memory' }],
  ['jwt', [], { header_names: ['authorization'] }],
  ['request-transformer', [], { add: { body: [], headers: [], querystring: [] } }],
  ['file-log', [{ field: '#config-path', text: '/tmp/x.log' }], { path: '/tmp/x.log' }],
]

/** Maps that the form sends empty where nothing was set. */
const EMPTIED = ['custom_fields_by_lua', 'headers', 'resource_attributes']

describe.skipIf(!READY)(`Kong Manager's plugin pages${WITHOUT}`, { timeout: PATIENCE }, () => {
  let world: World
  let service = ''
  beforeAll(async () => {
    world = await openWorld({ untrusted_lua: 'sandbox' })
    service = (await world.ask<Plugin>('/services', { name: 's', url: 'http://s.test' })).id
  }, PATIENCE)
  afterAll(() => world?.close())

  it('offers every plugin there is, and makes one for all', async () => {
    const { plugins } = await world.ask<{ plugins: { available_on_server: object } }>('/')
    await world.go('/plugins/select')
    await world.part('correlation-id-card').waitFor()
    const cards = await world.page
      .locator('[data-testid$="-card"]')
      .evaluateAll((found) => found.map((card) => card.getAttribute('data-testid') ?? ''))
    const missing = Object.keys(plugins.available_on_server).filter(
      (name) => !cards.includes(`${name}-card`),
    )
    expect(missing).toEqual([])
    await world.part('correlation-id-card').click()
    await world.page.waitForLoadState('networkidle')
    await submit(world, new RegExp(`/plugins/correlation-id/${ID}$`))
    await expectPeace(world)
    await removePlugin(world.page.url().slice(-36))
  })

  it.each(MADE)('makes %s for a service by its form', async (name, steps, config) => {
    await world.go(`/plugins/${name}/create?serviceId=${service}`)
    await fillIn(world, steps)
    await submit(world, new RegExp(`/plugins/${name}/${ID}$`))
    const id = world.page.url().slice(-36)
    expect(await world.ask(`/plugins/${id}`)).toMatchObject({
      name,
      config,
      service: { id: service },
    })
    await expectPeace(world)
  })

  it('switches one off', async () => {
    await world.go(`/services/${service}/plugins`)
    await world.page.locator('.switch-control:visible').first().click()
    const answered = world.page.waitForResponse((one) => one.request().method() === 'PATCH')
    await world.part('modal-action-button').click()
    expect((await answered).status()).toBe(200)
    const { data } = await world.ask<{ data: Plugin[] }>(`/services/${service}/plugins`)
    expect(data.filter(({ enabled }) => enabled === false)).toHaveLength(1)
    await expectPeace(world)
  })

  it.each(Object.entries(pluginConfigs))(
    'shows %s whole, and saves it with nothing lost',
    async (name, config) => {
      const made = await world.ask<Plugin>('/plugins', { name, config, enabled: false })
      await world.go(`/plugins/${name}/${made.id}`)
      expect(withoutTimes(await shownJson(world))).toEqual(withoutTimes(made))

      await world.go(`/plugins/${name}/${made.id}/edit`)
      await renameInstance(world)
      await submit(world, new RegExp(`/plugins/${name}/${made.id}$`))
      const saved = await world.ask<Plugin>(`/plugins/${made.id}`)
      expect(saved).toMatchObject({
        ...made,
        updated_at: saved.updated_at,
        instance_name: name,
        config: {},
      })
      // The form spells out what the schema fills in within a record that was null (`model.options`).
      expect(settled(saved.config)).toMatchObject(settled(made.config))
      await expectPeace(world)
      await removePlugin(made.id)
    },
  )

  /** Takes it away once no page asks for it any more. */
  async function removePlugin(id: string): Promise<void> {
    await world.page.goto('about:blank')
    await fetch(`${world.gateway.adminUrl}/plugins/${id}`, { method: 'DELETE' })
    await world.takeExchanges()
  }

  async function renameInstance({ page, part }: World): Promise<void> {
    const field = page.locator('#instance_name')
    await field.waitFor({ state: 'attached' })
    if (!(await field.isVisible())) await part('collapse-trigger-content').last().click()
    await field.fill(/plugins\/([^/]+)/.exec(page.url())?.[1] ?? '')
  }
})

function withoutTimes(plugin: unknown): unknown {
  return { ...(plugin as object), created_at: 0, updated_at: 0 }
}

/** Null, absent and an empty map are one where the form makes no difference. */
function settled(value: object): object
function settled(value: unknown): unknown
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const empty = EMPTIED.includes(name) && JSON.stringify(member) === '{}'
    return member === null || empty ? [] : [[name, settled(member)]]
  })
  return Object.fromEntries(members)
}
