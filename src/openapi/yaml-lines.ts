import { isObject } from '../schema/field.ts'

/** A value as block YAML, as people write it; for documentation alone. */
export function yamlOf(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return value.map((item) => itemOf(item, indent)).join('\n')
  if (!isObject(value)) return scalar(value)
  return Object.entries(value)
    .map(([key, inner]) => `${indent}${key}:${innerOf(inner, indent)}`)
    .join('\n')
}

function itemOf(item: unknown, indent: string): string {
  const text = yamlOf(item, `${indent}  `)
  return `${indent}- ${isObject(item) ? text.trimStart() : text}`
}

function innerOf(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? ' []' : `\n${yamlOf(value, indent)}`
  if (isObject(value) && Object.keys(value).length === 0) return ' {}'
  return isObject(value) ? `\n${yamlOf(value, `${indent}  `)}` : ` ${scalar(value)}`
}

/** Quoted where YAML would read something else. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  const plain =
    /^[A-Za-z/][\w./ -]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
  return plain ? value : JSON.stringify(value)
}
