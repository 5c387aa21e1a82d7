import type { Plugin } from '../pdk/plugin.ts'
import { checkList, fieldTable } from './field-table.ts'
import { code } from './rule-text.ts'

/** docs/plugins.md, held by a test to say what the plugins' definitions say. */
export function pluginsPage(plugins: readonly Plugin[]): string {
  const byName = [...plugins].sort((a, b) => (a.name < b.name ? -1 : 1))
  return `# Plugins

The configuration of each bundled plugin, made from the definitions that check it. What all plugins have beside
\`config\` (\`service\`, \`route\`, \`consumer\`, \`protocols\`, \`enabled\`, \`instance_name\`, \`tags\`) is under
[plugins](admin-api.md#plugins). A plugin marked *stored only* keeps its configuration and does nothing yet.

${byName.map(sectionOf).join('\n')}`
}

function sectionOf(plugin: Plugin): string {
  const { name, priority, unscoped = [], enforced, config, entityChecks } = plugin
  const facts = [
    `priority ${priority}`,
    unscoped.length === 0 ? '' : `cannot be bound to a ${unscoped.join(', ')}`,
    enforced === true ? '' : '*stored only*',
  ]
  const fields = { ...config.fields, ...config.shorthand_fields }
  const table = Object.keys(fields).length === 0 ? 'It has no configuration.\n' : fieldTable(fields)
  return `## ${name}

${sentence(facts.filter((fact) => fact !== '').join('; '))}

${table}${checkList([...(config.entity_checks ?? []), ...(entityChecks ?? [])])}${ownEntities(plugin)}`
}

function ownEntities({ entities = [] }: Plugin): string {
  if (entities.length === 0) return ''
  const links = entities.map(({ name }) => `[${code(name)}](admin-api.md#${name})`)
  return `\nIts own entities: ${links.join(', ')}.\n`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
