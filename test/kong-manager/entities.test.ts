import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteRow, expectPeace, fillIn, shownJson, submit, takeFromMenu } from './steps.ts'
import { STORIES, type Story } from './stories.ts'
import { openWorld, PATIENCE, READY, WITHOUT, type World } from './world.ts'

const ID = '[0-9a-f]{8}-[0-9a-f-]{27}'

describe.skipIf(!READY)(`Kong Manager's components${WITHOUT}`, { timeout: PATIENCE }, () => {
  let world: World
  const given: Record<string, string> = {}
  beforeAll(async () => {
    world = await openWorld()
    const service = await world.ask('/services', { name: 'given', url: 'http://given.test' })
    const certificate = await world.ask('/certificates', STORIES.pair)
    const set = await world.ask('/key-sets', { name: 'given' })
    Object.assign(given, { service: service.id, certificate: certificate.id, set: set.id })
  }, PATIENCE)
  afterAll(() => world?.close())

  const steps = (of: Story, which: 'typed' | 'retyped') => of[which](given)
  const after = ({ kind, alone = true }: Story) =>
    new RegExp(alone ? `/${kind}/${ID}$` : `/${kind}$`)

  it.each(STORIES.all)('makes, shows, finds, changes and deletes one of $kind', async (story) => {
    const { kind, collection = kind } = story
    await world.go(`/${kind}/create`)
    await fillIn(world, steps(story, 'typed'))
    await submit(world, after(story))
    const exchanges = await expectPeace(world)
    const made = exchanges.find(({ method, status }) => method === 'POST' && status === 201)
    const entity: Record<string, unknown> = JSON.parse(made?.answer ?? '{}')
    expect(entity).toMatchObject(story.made(given))

    if (story.alone !== false) {
      const { created_at: _, updated_at: __, ...rest } = entity
      expect(await shownJson(world)).toMatchObject(story.shown?.(rest) ?? rest)
      await expectPeace(world)
    }

    await world.go(`/${kind}`)
    await world
      .part('search-input')
      .first()
      .fill(story.named ?? String(entity.id))
    await world.page.waitForResponse((response) => response.url().includes(`/${collection}/`))
    await world.page.waitForLoadState('networkidle')
    await expect
      .poll(() => world.part('row-actions-dropdown-trigger').count(), { timeout: 10_000 })
      .toBe(1)

    await takeFromMenu(world, 'edit')
    await world.page.waitForLoadState('networkidle')
    await fillIn(world, steps(story, 'retyped'))
    await submit(world, after(story))
    const changed = await world.ask(`/${collection}/${entity.id}`)
    expect({ ...changed, updated_at: 0 }).toEqual({ ...entity, ...story.changed, updated_at: 0 })
    await expectPeace(world)

    await world.go(`/${kind}`)
    await world.part('search-input').first().fill(String(entity.id))
    await world.page.waitForResponse((response) => response.url().includes(`/${entity.id}`))
    await deleteRow(world)
    expect(await world.statusOf(`/${collection}/${entity.id}`)).toBe(404)
    // The list asks once more for what it was filtered by, and is told that it is gone.
    await world.page.goto('about:blank')
    await world.takeExchanges()
  })
})
