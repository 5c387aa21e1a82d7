import { setOwn } from './field.ts'
import { printLua } from './lua-print.ts'

/** Violations in the shape of the input: text at the leaves, null for good elements of a list. */
export type ErrorTree =
  | string
  | readonly (ErrorTree | null)[]
  | { readonly [name: string]: ErrorTree }

/** Violations by field; those of the whole are listed under `@entity`. */
export type FieldErrors = { [name: string]: ErrorTree }

/** An empty record of violations; no name in it can reach a prototype. */
export function noErrors(): FieldErrors {
  return Object.create(null)
}

/** Whether there is any violation. */
export function hasErrors(errors: Readonly<FieldErrors>): boolean {
  for (const _ in errors) return true
  return false
}

/** Adds a violation of the whole entity. */
export function addEntityError(errors: FieldErrors, text: string): void {
  const before = errors['@entity']
  errors['@entity'] = Array.isArray(before) ? [...before, text] : [text]
}

/** What both say, place by place; where only one text can stand it is the second's. */
export function mergeErrors(
  first: Readonly<FieldErrors> | undefined,
  second: Readonly<FieldErrors>,
): FieldErrors {
  const merged = Object.assign(noErrors(), first)
  for (const [name, error] of Object.entries(second)) merged[name] = merge(first?.[name], error)
  return merged
}

function merge(first: ErrorTree | null | undefined, second: ErrorTree): ErrorTree {
  if (typeof first !== 'object' || first === null || typeof second === 'string') return second
  if (!isList(first)) return isList(second) ? second : mergeErrors(first, second)
  if (!isList(second)) return second
  const places = Array.from({ length: Math.max(first.length, second.length) }, (_, i) => i)
  return places.map((i) => {
    const error = second[i] ?? undefined
    return error === undefined ? (first[i] ?? null) : merge(first[i], error)
  })
}

/** Puts a violation at a dotted place such as `config.redis.host`. */
export function setErrorAt(errors: FieldErrors, path: string, error: ErrorTree): void {
  const [first = '', ...rest] = path.split('.')
  if (rest.length === 0) {
    setOwn(errors, first, error)
    return
  }

  const inner = noErrors()
  const before = errors[first]
  // What is said of the whole there stands: it has no members to speak of.
  if (typeof before === 'string') return
  if (typeof before === 'object' && !Array.isArray(before)) Object.assign(inner, before)
  setErrorAt(inner, rest.join('.'), error)
  setOwn(errors, first, inner)
}

/** Whether there is a violation at a dotted place, or above or below it. */
export function hasErrorAt(errors: FieldErrors, path: string): boolean {
  if (!path.includes('.')) return errors[path] !== undefined
  let at: ErrorTree | null | undefined = errors
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null) return at !== undefined
    at = Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined
  }
  return at !== undefined
}

/** Says violations in one line the way Kong does: `2 schema violations (a: x; b.c: y)`. */
export function violationMessage(errors: FieldErrors): string {
  const parts = violationsOf(errors)
  const count = parts.length === 1 ? 'schema violation' : `${parts.length} schema violations`
  return `${count} (${parts.join('; ')})`
}

/** The violations one by one, those of the whole first, then by field. */
export function violationsOf(errors: FieldErrors): string[] {
  const parts: string[] = []
  const whole = errors['@entity']
  if (Array.isArray(whole)) parts.push(...whole.map((error) => textOf(error)))

  for (const name of Object.keys(errors).sort(byBytes)) {
    const error = errors[name]
    if (name === '@entity' || error === undefined) continue
    if (typeof error === 'string') parts.push(`${name}: ${error}`)
    else for (const [sub, inner] of membersOf(error)) parts.push(`${name}.${sub}: ${textOf(inner)}`)
  }
  return parts
}

/** The members of a tree in Kong's order: lists count from one, names are sorted. */
export function membersOf(tree: Exclude<ErrorTree, string>): [string, ErrorTree][] {
  if (!isList(tree)) return Object.entries(tree).sort(([a], [b]) => byBytes(a, b))

  const members: [string, ErrorTree][] = []
  for (const [i, error] of tree.entries()) if (error !== null) members.push([String(i + 1), error])
  return members
}

/** One text of a tree, with the steps to it: names of members, places in lists counted from nought. */
export interface ErrorLeaf {
  readonly path: readonly (string | number)[]
  readonly text: string
}

/** The texts of a tree with their steps; those of a whole stand at the whole. */
export function leavesOf(tree: ErrorTree | null, path: ErrorLeaf['path'] = []): ErrorLeaf[] {
  if (tree === null) return []
  if (typeof tree === 'string') return [{ path, text: tree }]
  if (isList(tree)) return tree.flatMap((item, i) => leavesOf(item, [...path, i]))
  return Object.entries(tree).flatMap(([name, inner]) => {
    if (name !== '@entity') return leavesOf(inner, [...path, name])
    return isList(inner) ? inner.flatMap((text) => leavesOf(text, path)) : leavesOf(inner, path)
  })
}

/** The tree that has this text alone; empty for one of the whole. */
export function treeOf({ path, text }: ErrorLeaf): FieldErrors {
  const [name, ...inside] = path
  if (typeof name !== 'string') return {}
  const tree = inside.reduceRight<ErrorTree>(
    (inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
    text,
  )
  return { [name]: tree }
}

/** `Array.isArray` that knows of readonly lists. */
function isList(tree: ErrorTree): tree is readonly (ErrorTree | null)[] {
  return Array.isArray(tree)
}

/** Orders text by code unit, as Lua's `<` does for ASCII, whatever the machine's language. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function textOf(error: ErrorTree): string {
  return typeof error === 'string' ? error : printLua(error)
}
