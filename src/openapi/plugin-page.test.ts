import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openAdmin } from '../../test/open-admin.ts'
import { allPlugins } from '../plugins/all.ts'
import { pluginPage } from './plugin-page.ts'

const opened = allPlugins.filter(({ about }) => about !== undefined)

it.each(opened.map((plugin) => [plugin.name, plugin] as const))(
  'the kong.yaml of %s is served as it stands',
  async (_name, plugin) => {
    const [, config] = /```yaml\n([\s\S]*?)```/.exec(pluginPage(plugin)) ?? []
    const gate = await openAdmin({ database: 'off' })
    const { status, text } = await gate.json('POST /config', { config })
    expect({ status, text }).toMatchObject({ status: 201 })
  },
)

it('links to entities that the Admin API has a section of', () => {
  const reference = readFileSync('docs/admin-api.md', 'utf8')
  const sections = new Set([...reference.matchAll(/^### (.+)$/gm)].map(([, name]) => name))
  const linked = allPlugins.flatMap((plugin) =>
    [...pluginPage(plugin).matchAll(/admin-api\.md#(\w+)/g)].map(([, name]) => name),
  )
  expect(linked).toContain('acls')
  expect(linked.filter((name) => !sections.has(name))).toEqual([])
})
