import { LineCounter } from 'yaml'
import { isObject } from '../schema/field.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { unreadable } from './violation.ts'
import { parseYaml } from './yaml-document.ts'
import { YamlProblem, yamlValue } from './yaml-value.ts'

/** What a document may cost at most. */
export interface DocumentLimits {
  /** Characters of text. */
  readonly size?: number
  readonly depth?: number
}

/** Reads a configuration from JSON or else YAML; throws code 14 when it is neither, or too much. */
export function parseDocument(text: string, limits: DocumentLimits = {}): unknown {
  const { size = 10 * 1024 * 1024, depth = 64 } = limits
  if (text.length > size) throw unreadable(`larger than ${size} characters`)

  const json = parseJson(text)
  if (json === undefined) {
    const plain = readPlainYaml(text, depth)
    return plain === undefined ? readFullYaml(text, depth) : plain.value
  }
  if (isDeeper(json, depth)) throw unreadable('nested too deeply')
  return json
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a text with all of YAML; throws code 14 with the place when it is none. */
export function readFullYaml(text: string, depth: number): unknown {
  const lines = new LineCounter()
  try {
    const document = parseYaml(text, lines, depth)
    return yamlValue(document.contents, { depth, values: text.length + ALIASED_VALUES })
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    const { line, col } = lines.linePos(problem.offset)
    throw unreadable(problem.message, { line, column: col })
  }
}

/** Values that aliases may add to those written out. */
const ALIASED_VALUES = 100_000

/** Goes no deeper than the limit itself, so that no document exhausts the stack. */
function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (limit === 0) return true
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isDeeper(value[i], limit - 1)) return true
    return false
  }
  if (!isObject(value)) return false
  for (const name in value) if (isDeeper(value[name], limit - 1)) return true
  return false
}
