import type { Argument } from './query.ts'
import { Refusal } from './reply.ts'

/** A decoded body: plain data, whatever its keys are called. */
export type Members = Readonly<Record<string, unknown>>

const MAX_DEPTH = 32
const MAX_KEY = 4096

/** One place in the tree a form spells out. */
interface Node {
  /** Values given to this very key, in order. */
  readonly values: unknown[]
  /** Whether a value came by `key[]`, or the key was repeated: then it is a list. */
  list: boolean
  readonly members: Map<string, Node>
}

/** Builds nested data from a form's arguments: dots, brackets, 1-based indexes (admin-api §1.2). */
export function decodeForm(args: readonly Argument[]): Members {
  const root = newNode()
  for (const [key, value] of args) {
    if (key.length > MAX_KEY) throw new Refusal(400, 'Cannot parse form: a key is too long')
    const path = pathOf(key)
    if (path.length > MAX_DEPTH) throw new Refusal(400, 'Cannot parse form: keys nest too deeply')
    place(root, path, value)
  }
  return membersOf(root)
}

function newNode(): Node {
  return { values: [], list: false, members: new Map() }
}

/** `a.b[c.d][]` as `a`, `b`, `c.d`, and an empty step for the list. */
function pathOf(key: string): string[] {
  // Kong: a key that starts or ends with a dot is taken for the field `name`.
  if (key.startsWith('.') || key.endsWith('.')) return ['name']
  // Kong: brackets may be escaped once more, or where nothing is unescaped, in multipart.
  return partsOf(key.replace(/%5B(.*?)%5D/gi, '[$1]')).flatMap(stepsOf)
}

/** What stands between dots; those between brackets part nothing. */
function partsOf(key: string): string[] {
  const parts: string[] = []
  const last = key.lastIndexOf(']')
  let from = 0
  for (let at = 0; at <= key.length; ) {
    if (at === key.length || key[at] === '.') {
      if (at > from) parts.push(key.slice(from, at))
      from = ++at
      continue
    }
    at++
    while (key[at] === '[' && at < last) at = key.indexOf(']', at) + 1
  }
  return parts
}

/** Kong: a bracket at the very start, or one that nothing closes, is a letter as any other. */
function stepsOf(part: string): string[] {
  const start = part.indexOf('[', 1)
  const end = part.lastIndexOf(']') + 1
  if (start === -1 || end <= start) return [part]
  const keys = Array.from(part.slice(start, end).matchAll(/\[([^\]]*)\]/g), ([, key = '']) => key)
  // Kong: `[]` before further brackets is the first of the list.
  const steps = keys.map((key, i) => (key === '' && i < keys.length - 1 ? '1' : key))
  return [part.slice(0, start), ...steps]
}

function place(root: Node, path: readonly string[], value: unknown): void {
  let node = root
  for (const step of path) {
    if (step === '') {
      node.list = true
      continue
    }
    const next = node.members.get(step) ?? newNode()
    node.members.set(step, next)
    node = next
  }
  node.values.push(value)
}

function nodeValue(node: Node): unknown {
  if (node.members.size === 0) return listOrScalar(node)
  const indexed = indexedValues(node.members)
  if (indexed !== undefined) return [...indexed, ...node.values]
  // A key given both a value and members: nothing is dropped, the schema refuses the mixture.
  const mixed = node.values.map((value, i) => [String(i + 1), value] as const)
  return { ...Object.fromEntries(mixed), ...membersOf(node) }
}

function listOrScalar(node: Node): unknown {
  return node.list || node.values.length !== 1 ? node.values : node.values[0]
}

/** The values of `[1]`…`[n]` in order; undefined when these are not all of the keys. */
function indexedValues(members: ReadonlyMap<string, Node>): unknown[] | undefined {
  const values: unknown[] = []
  for (let index = 1; index <= members.size; index++) {
    const node = members.get(String(index))
    if (node === undefined) return undefined
    values.push(nodeValue(node))
  }
  return values
}

/** `fromEntries` defines own members, so `__proto__` is a key like any other. */
function membersOf(node: Node): Members {
  return Object.fromEntries(Array.from(node.members, ([key, child]) => [key, nodeValue(child)]))
}
