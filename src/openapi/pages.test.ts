import { expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import { openAdmin } from '../../test/open-admin.ts'
import { allPlugins } from '../plugins/all.ts'
import type { Endpoint } from './place.ts'
import { pluginPage } from './plugin-page.ts'
import { pluginsPage } from './plugins-page.ts'
import { adminApiPage } from './reference-page.ts'

it('docs/admin-api.md says what the definitions say', async () => {
  const page = adminApiPage(allEntities, await endpoints())
  await expect(page).toMatchFileSnapshot('../../docs/admin-api.md')
})

it('docs/plugins.md says what the plugins say', async () => {
  await expect(pluginsPage(allPlugins)).toMatchFileSnapshot('../../docs/plugins.md')
})

it.each(allPlugins.map(({ name }) => name))(
  'docs/plugins/%s.md says what the plugin says',
  async (name) => {
    const plugin = allPlugins.find((one) => one.name === name)
    const page = plugin === undefined ? '' : pluginPage(plugin)
    await expect(page).toMatchFileSnapshot(`../../docs/plugins/${name}.md`)
  },
)

/** As the whole Admin API describes itself. */
async function endpoints(): Promise<Endpoint[]> {
  const { body } = await (await openAdmin()).get('/openapi.json')
  const paths = body.paths as Readonly<Record<string, Readonly<Record<string, unknown>>>>
  return Object.entries(paths)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([pattern, item]) => ({
      pattern,
      verbs: Object.keys(item)
        .filter((word) => word !== 'parameters')
        .map((verb) => verb.toUpperCase()),
    }))
}
