import { afterEach, describe, expect, it } from 'vitest'
import { expectPeace, fillIn, submit } from './steps.ts'
import { openWorld, PATIENCE, READY, WITHOUT, type World } from './world.ts'

const MADE = /\/consumers\/[0-9a-f-]{36}$/

describe.skipIf(!READY)(`Kong Manager from another origin${WITHOUT}`, { timeout: PATIENCE }, () => {
  let world: World | undefined
  afterEach(() => world?.close())

  const make = async (opened: World, username: string) => {
    await opened.go('/consumers/create')
    await fillIn(opened, [{ field: 'consumer-form-username', text: username }])
    await submit(opened, MADE)
  }

  it('stands under a path, and finds the Admin API where it is told', async () => {
    world = await openWorld({ admin_gui_path: '/ui' })
    await make({ ...world, go: (path) => world?.go(`/ui${path}`) ?? Promise.resolve() }, 'ann')
    expect(world.page.url()).toMatch(/\/ui\/consumers\//)
    await expectPeace(world)
  })

  it('sends its cookies along, and is let in by name, not by a star', async () => {
    world = await openWorld()
    const heads: Promise<Record<string, string>>[] = []
    world.page.on('response', (response) => {
      if (response.url().startsWith(world?.gateway.adminUrl ?? ' '))
        heads.push(response.allHeaders())
    })
    await make(world, 'ann')
    await world.go('/consumers/unknown/edit')
    const origins = (await Promise.all(heads)).map((head) => [
      head['access-control-allow-origin'],
      head['access-control-allow-credentials'],
    ])
    // Refusals too: without them the page would learn nothing of what went wrong.
    expect(origins.length).toBeGreaterThan(5)
    expect(new Set(origins.map(String))).toEqual(new Set([`${world.guiUrl},true`]))
  })

  it('learns nothing where a token is asked for, and says so', async () => {
    world = await openWorld({ admin_token: 'secret' })
    await world.go('/consumers')
    const exchanges = await world.takeExchanges()
    expect(new Set(exchanges.map(({ status }) => status))).toEqual(new Set([401]))
    expect((await world.takeComplaints()).join()).toContain('401')
  })

  it('works behind somebody who adds the token', async () => {
    world = await openWorld({ admin_token: 'secret' })
    await world.page.route(`${world.gateway.adminUrl}/**`, (route) =>
      route.continue({ headers: { ...route.request().headers(), 'kong-admin-token': 'secret' } }),
    )
    await make(world, 'ann')
    await expectPeace(world)
  })
})
