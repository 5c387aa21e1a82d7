import type { Plugin, Scope } from '../pdk/plugin.ts'
import { checkList, fieldTable } from './field-table.ts'
import { code } from './rule-text.ts'
import { yamlOf } from './yaml-lines.ts'

/** docs/plugins/NAME.md: what a plugin is for, how to set it up three ways, and all its fields. */
export function pluginPage(plugin: Plugin): string {
  const parts = [
    `# ${plugin.name}`,
    plugin.about?.summary ?? '*It keeps its configuration and cannot be enabled in this release.*',
    factsOf(plugin),
    ...examplesOf(plugin),
    ...notesOf(plugin),
    `## Configuration\n\n${fieldsOf(plugin)}`,
    ...adminOf(plugin),
  ]
  return `${parts.join('\n\n').trimEnd()}\n`
}

function factsOf({ priority, unscoped = [], entities = [] }: Plugin): string {
  const scopes: Scope[] = ['service', 'route', 'consumer']
  const bound = scopes.filter((scope) => !unscoped.includes(scope))
  const links = entities.map(({ name, schemaOnly }) =>
    schemaOnly === true ? code(name) : `[${code(name)}](../admin-api.md#${name})`,
  )
  const facts = [
    `priority ${priority}`,
    bound.length === 0 ? 'for all requests alone' : `for all requests, or of a ${bound.join(', ')}`,
    ...(links.length === 0 ? [] : [`its own entities: ${links.join(', ')}`]),
  ]
  const text = facts.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function examplesOf({ name, about, unscoped = [] }: Plugin): string[] {
  if (about === undefined) return []
  const scoped = !unscoped.includes('service')
  const path = scoped ? '/services/example_service/plugins' : '/plugins'
  const body = JSON.stringify({ name, config: about.example }, null, 2)
  const url = about.service ?? 'http://localhost:9001'
  const entry = { name, config: about.example }
  const file = scoped
    ? { services: [{ name: 'example_service', url, plugins: [entry] }] }
    : { plugins: [entry] }
  return [
    '## Set it up',
    `\`\`\`sh\ncurl -X POST localhost:8001${path} \\\n  -H 'content-type: application/json' \\\n  -d '${quoted(body)}'\n\`\`\``,
    `The same in a \`kong.yaml\`, for \`gibbon\`, \`gibbon sync\` and decK:`,
    `\`\`\`yaml\n_format_version: "3.0"\n${yamlOf(file)}\n\`\`\``,
    'And in TypeScript:',
    `\`\`\`ts\nawait gateway.admin(new Request('http://localhost:8001${path}', {\n  method: 'POST',\n  headers: { 'content-type': 'application/json' },\n  body: JSON.stringify(${indented(body)}),\n}))\n\`\`\``,
  ]
}

/** A single quote ends a shell word. */
function quoted(text: string): string {
  return text.replaceAll("'", String.raw`'\''`)
}

function indented(json: string): string {
  return json.replaceAll('\n', '\n  ')
}

function notesOf({ about }: Plugin): string[] {
  const notes = about?.notes ?? []
  return notes.length === 0 ? [] : ['## What to know', ...notes]
}

function fieldsOf({ config, entityChecks }: Plugin): string {
  const fields = { ...config.fields, ...config.shorthand_fields }
  if (Object.keys(fields).length === 0) return 'It has none.'
  const checks = [...(config.entity_checks ?? []), ...(entityChecks ?? [])]
  return `${fieldTable(fields)}${checkList(checks)}`
}

function adminOf({ admin = [] }: Plugin): string[] {
  if (admin.length === 0) return []
  const rows = admin.map(
    ({ method, path, summary }) => `| ${code(`${method} ${path}`)} | ${summary} |`,
  )
  return ['## On the Admin API', ['| call | what it does |', '|---|---|', ...rows].join('\n')]
}
