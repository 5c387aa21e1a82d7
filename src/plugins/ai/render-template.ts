import { getOwn, isObject } from '../../schema/field.ts'

const BLANK = /\{\{([A-Za-z0-9_]+)\}\}/g

/** Fills a template's blanks in, each value as JSON has it within a text. */
export function renderTemplate(
  template: string,
  properties: unknown,
): string | { readonly error: string } {
  if (!isObject(properties)) {
    const empty = Array.isArray(properties) && properties.length === 0
    return empty ? renderTemplate(template, {}) : { error: 'properties must be an object' }
  }
  for (const value of Object.values(properties)) {
    if (typeof value !== 'string') {
      return { error: `property values must be a string, got ${kindOf(value)}` }
    }
  }
  const rendered = template.replace(BLANK, (blank, name: string) => {
    const value = getOwn(properties, name)
    return value === undefined ? blank : JSON.stringify(value).slice(1, -1)
  })
  // Kong: what still looks like a blank is one, a value's own too.
  const missing = new Set([...rendered.matchAll(BLANK)].map(([, name]) => `[${name}]`))
  if (missing.size === 0) return rendered
  return { error: `missing template parameters: ${[...missing].join(', ')}` }
}

/** As Kong's language calls it. */
function kindOf(value: unknown): string {
  if (value === null) return 'userdata'
  return typeof value === 'object' ? 'table' : typeof value
}
