import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteRow, expectPeace, fillIn, type Step, submit, takeFromMenu } from './steps.ts'
import { openWorld, PATIENCE, READY, WITHOUT, type World } from './world.ts'

interface Row extends Record<string, unknown> {
  readonly id: string
}

/** Each credential's form, and what it makes. */
const CREDENTIALS: readonly [type: string, steps: readonly Step[], made: object][] = [
  ['key-auth', [{ field: '#key', text: 'k1' }], { key: 'k1' }],
  [
    'basic-auth',
    [
      { field: '#username', text: 'ann' },
      { field: '#password', text: 'secret' },
    ],
    { username: 'ann' },
  ],
  [
    'hmac-auth',
    [
      { field: '#username', text: 'ann' },
      { field: '#secret', text: 'secret' },
    ],
    { username: 'ann', secret: 'secret' },
  ],
  [
    'jwt',
    [
      { field: '#key', text: 'issuer' },
      { field: '#secret', text: 'secret' },
    ],
    { key: 'issuer', algorithm: 'HS256' },
  ],
  ['acl', [{ field: '#group', text: 'gold' }], { group: 'gold' }],
  ['oauth2', [{ field: '#name', text: 'app' }], { name: 'app', client_type: 'confidential' }],
]
const CONFIGS: Readonly<Record<string, object>> = {
  acl: { allow: ['gold'] },
  oauth2: { enable_client_credentials: true },
}

describe.skipIf(!READY)(`what stands below${WITHOUT}`, { timeout: PATIENCE }, () => {
  let world: World
  const given: Record<string, string> = {}
  beforeAll(async () => {
    world = await openWorld()
    const make = async (path: string, body: object) => (await world.ask<Row>(path, body)).id
    given.service = await make('/services', { name: 's', url: 'http://s.test' })
    given.route = await make('/services/s/routes', { name: 'r', paths: ['/r'] })
    given.consumer = await make('/consumers', { username: 'ann' })
    given.set = await make('/key-sets', { name: 'set' })
    const healthchecks = { active: { healthy: { interval: 60 }, unhealthy: { interval: 60 } } }
    given.upstream = await make('/upstreams', { name: 'u', healthchecks })
    for (const [name] of CREDENTIALS) {
      await make('/services/s/plugins', { name, config: CONFIGS[name] ?? {} })
    }
  }, PATIENCE)
  afterAll(() => world?.close())

  it('makes, marks, changes and deletes a target', async () => {
    const targets = `/upstreams/${given.upstream}/targets`
    await world.go(targets)
    await world.part('empty-state-action').click()
    await fillIn(world, [{ field: 'target-form-target', text: '127.0.0.1:9' }])
    await world.part('modal-action-button').click()
    await world.part('row-actions-dropdown-trigger').waitFor()
    const rows = () => world.ask<{ data: Row[] }>(targets)
    expect((await rows()).data).toMatchObject([{ target: '127.0.0.1:9', weight: 100 }])

    for (const [word, health] of [
      ['unhealthy', 'UNHEALTHY'],
      ['healthy', 'HEALTHY'],
    ] as const) {
      const answered = world.page.waitForResponse((one) => one.request().method() === 'PUT')
      await world.part('row-actions-dropdown-trigger').click()
      await world.page.locator(`[data-testid*="mark-${word}"]:visible`).click()
      expect((await answered).status()).toBe(204)
      const { data } = await world.ask<{ data: Row[] }>(`/upstreams/${given.upstream}/health`)
      expect(data).toMatchObject([{ health }])
    }

    await takeFromMenu(world, 'edit')
    await fillIn(world, [{ field: 'target-form-weight', text: '7' }])
    await world.part('modal-action-button').click()
    await world.part('modal-action-button').waitFor({ state: 'detached' })
    expect((await rows()).data).toMatchObject([{ target: '127.0.0.1:9', weight: 7 }])

    await deleteRow(world)
    expect((await rows()).data).toEqual([])
    await expectPeace(world)
  })

  it.each(CREDENTIALS)(
    'makes, lists, changes and deletes a credential of %s',
    async (type, steps, made) => {
      const list = `/consumers/${given.consumer}/credentials`
      await world.go(`${list}/${type}/create`)
      await fillIn(world, steps)
      await submit(world, /\/credentials$/)
      const path = `/consumers/${given.consumer}/${type === 'acl' ? 'acls' : type}`
      const { data } = await world.ask<{ data: Row[] }>(path)
      expect(data).toMatchObject([{ ...made, consumer: { id: given.consumer } }])

      await takeFromMenu(world, 'edit')
      await world.page.locator('#tags').fill('a')
      await submit(world, /\/credentials$/)
      const changed = (await world.ask<{ data: Row[] }>(path)).data
      // The form sends the password's hash back, which is hashed once more, as Kong does.
      const password = type === 'basic-auth' ? { password: changed[0]?.password } : {}
      expect(changed).toEqual([{ ...data[0], ...password, tags: ['a'] }])

      await deleteRow(world)
      expect((await world.ask<{ data: Row[] }>(path)).data).toEqual([])
      await expectPeace(world)
    },
  )

  it.each([
    ['services', 'service', 'routes', 1],
    ['services', 'service', 'plugins', CREDENTIALS.length],
    ['routes', 'route', 'plugins', 0],
    ['consumers', 'consumer', 'plugins', 0],
    ['key-sets', 'set', 'keys', 0],
  ] as const)('lists below %s: a %s has its %s', async (kind, one, children, count) => {
    await world.go(`/${kind}/${given[one]}/${children}`)
    await world.page
      .locator('[data-testid="row-actions-dropdown-trigger"], [data-testid="table-empty-state"]')
      .first()
      .waitFor()
    expect(await world.part('row-actions-dropdown-trigger').count()).toBe(count)
    await expectPeace(world)
  })
})
