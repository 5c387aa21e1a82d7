import { checkRouteRegex } from '../lib/route-regex.ts'
import { isObject } from '../schema/field.ts'

/** Why Kong could not make a router expression of a route whose fields are good by themselves. */
export function checkRouteExpression(row: Readonly<Record<string, unknown>>): string | undefined {
  const error = brokenPath(row.paths) ?? brokenHeader(row.headers)
  return error === undefined ? undefined : `Router Expression failed validation: ${error}`
}

function brokenPath(paths: unknown): string | undefined {
  for (const path of Array.isArray(paths) ? paths : []) {
    const error = path.startsWith('~') ? checkRouteRegex(path.slice(1)) : undefined
    if (error !== undefined) return `invalid regex '${path.slice(1)}': ${error}`
  }
  return undefined
}

/** Kong: the only value of a header is a regex after `~*`; no values at all make no expression. */
function brokenHeader(headers: unknown): string | undefined {
  for (const [name, values] of isObject(headers) ? Object.entries(headers) : []) {
    if (!Array.isArray(values)) continue
    if (values.length === 0) return `no values for header '${name}'`
    const [value] = values
    if (values.length > 1 || !value.startsWith('~*')) continue
    const error = checkRouteRegex(value.slice(2))
    if (error !== undefined) return `invalid regex '${value.slice(2)}': ${error}`
  }
  return undefined
}
