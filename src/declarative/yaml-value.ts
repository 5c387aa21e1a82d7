import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type YAMLMap,
} from 'yaml'
import { getOwn, isObject, setOwn } from '../schema/field.ts'
import { plainScalar } from './yaml-scalar.ts'

/** What is wrong with a YAML document beyond its syntax, and where. */
export class YamlProblem extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** What a document may unfold to. */
export interface YamlLimits {
  readonly depth: number
  /** Values in all, those behind an alias counted each time. */
  readonly values: number
}

/**
 * Turns a parsed document into plain values. The parser's own way searches the document for each
 * alias, takes a cycle for a value, and lets a key stand twice.
 */
export function yamlValue(root: unknown, limits: YamlLimits): unknown {
  return read(root, { limits, anchors: new Map(), values: 0 }, 1)
}

interface Anchored {
  readonly value: unknown
  readonly values: number
}

interface Progress {
  readonly limits: YamlLimits
  /** Undefined while the value is being read: an alias to it there would be a cycle. */
  readonly anchors: Map<string, Anchored | undefined>
  values: number
}

function read(node: unknown, progress: Progress, depth: number): unknown {
  if (!isNode(node)) return null
  const { limits, anchors } = progress
  if (depth > limits.depth && isCollection(node))
    throw new YamlProblem('nested too deeply', offsetOf(node))

  const before = progress.values++
  const anchor = isAlias(node) ? undefined : node.anchor
  if (anchor !== undefined) anchors.set(anchor, undefined)
  const value = isAlias(node) ? unfold(node, progress) : plain(node, progress, depth)
  if (progress.values > limits.values) {
    throw new YamlProblem('aliases unfold to too many values', offsetOf(node))
  }
  if (anchor !== undefined) anchors.set(anchor, { value, values: progress.values - before })
  return value
}

function plain(node: Node, progress: Progress, depth: number): unknown {
  if (isScalar(node)) {
    const isPlain = node.type === 'PLAIN' && node.tag === undefined
    return isPlain ? plainScalar(node.source ?? '') : node.value
  }
  if (isSeq(node)) return node.items.map((item) => read(item, progress, depth + 1))
  return isMap(node) ? members(node, progress, depth) : null
}

function members(map: YAMLMap, progress: Progress, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  const merged: Members[] = []
  for (const { key, value } of map.items) {
    // Keys are text: the parser refuses others under `stringKeys`.
    const name = isScalar(key) ? String(key.value) : ''
    const item = read(value, progress, depth + 1)
    if (isMerge(key)) {
      merged.push(...mergedOf(item, key))
      continue
    }
    if (Object.hasOwn(object, name)) throw new YamlProblem(`duplicate key "${name}"`, offsetOf(key))
    setOwn(object, name, item)
  }
  for (const more of merged) take(object, more, progress)
  return object
}

type Members = Readonly<Record<string, unknown>>

function isMerge(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<'
}

/** What `<<` names: a map, or a list of maps of which the first counts most. */
function mergedOf(value: unknown, key: unknown): readonly Members[] {
  const maps = Array.isArray(value) ? value : [value]
  if (maps.every(isObject)) return maps
  throw new YamlProblem('"<<" takes a map or a list of maps', offsetOf(key))
}

/** Takes over what the object does not say itself. */
function take(object: Record<string, unknown>, more: Members, progress: Progress): void {
  for (const name of Object.keys(more)) {
    progress.values++
    if (!Object.hasOwn(object, name)) setOwn(object, name, getOwn(more, name))
  }
}

function unfold(alias: Node & { readonly source: string }, progress: Progress): unknown {
  const { source } = alias
  const anchored = progress.anchors.get(source)
  if (anchored === undefined) {
    const why = progress.anchors.has(source) ? 'cyclic' : 'unresolved'
    throw new YamlProblem(`${why} alias "${source}"`, offsetOf(alias))
  }
  progress.values += anchored.values
  return anchored.value
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}
