import type { Plugin } from '../pdk/plugin.ts'

/** docs/plugins.md: every bundled plugin in the order they run, held by a test to what they say. */
export function pluginsPage(plugins: readonly Plugin[]): string {
  const rows = plugins.map(
    ({ name, priority, about }) =>
      `| [${name}](plugins/${name}.md) | ${priority} | ${cell(about?.summary ?? '*stored only*')} |`,
  )
  return `# Plugins

What happens to a request on its way, by configuration: of all, of a service, a route, a consumer, or of a combination
of them. Of several configurations of one plugin the most specific counts, and plugins run by priority, the highest
first. What they all have beside \`config\` (\`service\`, \`route\`, \`consumer\`, \`protocols\`, \`enabled\`,
\`instance_name\`, \`tags\`) is under [plugins](admin-api.md#plugins). A plugin of your own takes
[twenty lines](write-a-plugin.md).

| plugin | priority | what it does |
|---|---|---|
${rows.join('\n')}
${plugins.every(({ open }) => open !== undefined) ? '' : IDLE}`
}

const IDLE = `
A plugin marked *stored only* keeps its configuration and cannot be enabled in this release.
`

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
