import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument as parseYaml,
} from 'yaml'
import { entityErrors } from '../schema/entity-error.ts'

/** What a document may cost at most. */
export interface DocumentLimits {
  /** Characters of text. */
  readonly size?: number
  readonly depth?: number
}

/** Values that aliases may add to those written out. */
const ALIASED_VALUES = 100_000

/** Reads a configuration from JSON or else YAML; throws code 14 when it is neither, or too much. */
export function parseDocument(text: string, limits: DocumentLimits = {}): unknown {
  const { size = 10 * 1024 * 1024, depth = 64 } = limits
  if (text.length > size) throw unreadable(`larger than ${size} characters`)

  const document = parseJson(text) ?? readYaml(text)
  const problem = measure(document, { depth, values: text.length + ALIASED_VALUES })
  if (problem !== undefined) throw unreadable(problem)
  return document
}

/** The refusal of what is no configuration at all, as Kong words it. */
export function unreadable(reason: string): Error {
  return entityErrors.invalidDeclarative({
    error: `failed parsing declarative configuration: ${reason}`,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readYaml(text: string): unknown {
  try {
    return parseStrictly(text)
  } catch (error) {
    // The parser recurses; nesting deep enough to exhaust the stack ends it with a RangeError.
    if (error instanceof RangeError) throw unreadable('nested too deeply')
    if (error instanceof ReferenceError) throw unreadable(firstLine(error.message))
    throw error
  }
}

function parseStrictly(text: string): unknown {
  const lines = new LineCounter()
  const document = parseYaml(text, {
    lineCounter: lines,
    logLevel: 'silent',
    merge: false,
    resolveKnownTags: false,
    schema: 'core',
    stringKeys: true,
    // Its check of keys takes seconds for many of them; done below.
    uniqueKeys: false,
  })
  const [error] = document.errors
  if (error !== undefined) throw unreadable(firstLine(error.message))

  const twice = findDuplicateKey(document.contents)
  if (twice !== undefined) {
    const { line, col } = lines.linePos(twice.offset)
    throw unreadable(`duplicate key "${twice.key}" at line ${line}, column ${col}`)
  }
  // `measure` bounds what aliases unfold to; the parser's own limit refuses honest files.
  return document.toJS({ maxAliasCount: -1 })
}

/** The parser adds an excerpt of the text under its message. */
function firstLine(message: string): string {
  return message.split('\n', 1).join().replace(/:$/, '')
}

interface DuplicateKey {
  readonly key: string
  readonly offset: number
}

function findDuplicateKey(root: unknown): DuplicateKey | undefined {
  const left = [root]
  while (left.length > 0) {
    const node = left.pop()
    if (isPair(node)) left.push(node.value)
    else if (isSeq(node)) for (const item of node.items) left.push(item)
    else if (isMap(node)) {
      const keys = new Set<string>()
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : ''
        if (keys.has(key)) return { key, offset: offsetOf(pair.key) }
        keys.add(key)
        if (!isAlias(pair.value)) left.push(pair.value)
      }
    }
  }
  return undefined
}

function offsetOf(node: unknown): number {
  return isScalar(node) ? (node.range?.[0] ?? 0) : 0
}

/** Walks without recursion, deepest first, so that a cyclic alias is met as depth at once. */
function measure(
  document: unknown,
  limits: { readonly depth: number; readonly values: number },
): string | undefined {
  const left: { readonly value: unknown; readonly depth: number }[] = [
    { value: document, depth: 1 },
  ]
  let values = 0
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, depth } = next
    if (++values > limits.values) return 'aliases unfold to too many values'
    if (typeof value !== 'object' || value === null) continue
    if (depth > limits.depth) return 'nested too deeply, or a cyclic alias'
    for (const item of Object.values(value)) left.push({ value: item, depth: depth + 1 })
  }
  return undefined
}
