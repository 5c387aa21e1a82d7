import { checkExpression } from '../lib/expression/check.ts'
import { checkRouteRegex } from '../lib/route-regex.ts'
import { isObject } from '../schema/field.ts'

type Given = Readonly<Record<string, unknown>>

const CLASSIC = ['methods', 'hosts', 'paths', 'headers', 'snis', 'sources', 'destinations']
const CLASSIC_TEXT =
  "'methods', 'hosts', 'paths', 'headers', 'snis', 'sources' or 'destinations' simultaneously"

/** Why Kong could not make a router expression of a route whose fields are good by themselves. */
export function checkRouteExpression(row: Given): string | undefined {
  const error = wrongIn(row)
  return error === undefined ? undefined : `Router Expression failed validation: ${error}`
}

function wrongIn(row: Given): string | undefined {
  const { expression, protocols } = row
  const isClassic = CLASSIC.some((name) => isGiven(row[name]))
  if (typeof expression !== 'string') {
    if (isClassic && isNumberGiven(row.priority))
      return `cannot set 'priority' with ${CLASSIC_TEXT}`
    return brokenPath(row.paths) ?? brokenHeader(row.headers)
  }
  if (isClassic) return `cannot set 'expression' with ${CLASSIC_TEXT}`
  if (isNumberGiven(row.regex_priority)) {
    return "cannot set 'regex_priority' with 'expression' simultaneously"
  }
  return checkExpression(expression, Array.isArray(protocols) ? protocols : [])
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isObject(value) && Object.keys(value).length > 0
}

/** Kong: 0 is the default and says nothing. */
function isNumberGiven(value: unknown): boolean {
  return typeof value === 'number' && value !== 0
}

function brokenPath(paths: unknown): string | undefined {
  for (const path of Array.isArray(paths) ? paths : []) {
    const error = path.startsWith('~') ? checkRouteRegex(path.slice(1)) : undefined
    if (error !== undefined) return `invalid regex '${path.slice(1)}': ${error}`
  }
  return undefined
}

/** Kong: a header's value is a regex after `~*`; no values at all make no expression. */
function brokenHeader(headers: unknown): string | undefined {
  for (const [name, values] of isObject(headers) ? Object.entries(headers) : []) {
    if (!Array.isArray(values)) continue
    if (values.length === 0) return `no values for header '${name}'`
    for (const value of values) {
      const error = value.startsWith('~*') ? checkRouteRegex(value.slice(2)) : undefined
      if (error !== undefined) return `invalid regex '${value.slice(2)}': ${error}`
    }
  }
  return undefined
}
