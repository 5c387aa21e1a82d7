import { isCollection, isMap, isNode, isScalar, isSeq, LineCounter, type Node } from 'yaml'
import type { DocumentPath, Position } from './violation.ts'
import { parseYaml } from './yaml-document.ts'

/** Finds the place of a path, or of the nearest thing above it that is there. */
export type Locator = (path: DocumentPath) => Position | undefined

/** Deep enough for whatever `parseDocument` took. */
const DEPTH = 64

/** Reads a text again for its places alone, JSON too: asked for only once something is wrong. */
export function createLocator(text: string): Locator {
  const lines = new LineCounter()
  const root = rootOf(text, lines)
  return (path) => {
    if (root === undefined) return undefined
    const { line, col } = lines.linePos(offsetAt(root, path))
    return { line, column: col }
  }
}

function rootOf(text: string, lines: LineCounter): Node | undefined {
  try {
    return parseYaml(text, lines, DEPTH).contents ?? undefined
  } catch {
    // It was JSON that YAML does not take; such places stay unknown.
    return undefined
  }
}

function offsetAt(root: Node, path: DocumentPath): number {
  let offset = startOf(root)
  let node: unknown = root
  for (const step of path) {
    const found = stepInto(node, step)
    if (found === undefined) break
    offset = found.offset
    node = found.node
  }
  return offset
}

/** A member is where its name is, an element where it begins. */
function stepInto(
  node: unknown,
  step: string | number,
): { readonly node: unknown; readonly offset: number } | undefined {
  if (isMap(node)) {
    // Of a name twice, which JSON allows, the last one counts.
    const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === `${step}`)
    return pair && { node: pair.value, offset: startOf(pair.key) }
  }
  if (!isSeq(node) || typeof step !== 'number') return undefined
  const item = node.items[step]
  return isNode(item) ? { node: item, offset: startOf(item) } : undefined
}

function startOf(node: unknown): number {
  if (isCollection(node) && isMap(node) && node.flow !== true) {
    const [first] = node.items
    if (first !== undefined) return startOf(first.key)
  }
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}
