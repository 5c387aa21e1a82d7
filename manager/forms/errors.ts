import { isObject, type SchemaField } from './schema.ts'
import { inWords, labelOf } from './words.ts'

/** What the gateway refused, each text where it belongs. */
export interface Placed {
  /** Of the whole, and of fields that the form does not show. */
  readonly top: readonly string[]
  /** By dotted path, lists counted from nought. */
  readonly at: ReadonlyMap<string, string>
}

/** What there is to place: the parts of an ApiError. */
export interface Refusal {
  readonly status: number
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Nothing refused. */
export const NOTHING_REFUSED: Placed = { top: [], at: new Map() }

/** Places Kong's `fields`; its message alone is shown when it names no field of the form. */
export function placeErrors(refusal: Refusal, fields: readonly SchemaField[]): Placed {
  const shown = new Set(fields.map(({ name }) => name))
  const at = new Map<string, string>()
  const others: string[] = []
  for (const [path, text] of textsOf(refusal)) {
    const [first = ''] = path.split('.')
    if (path === '') others.push(text)
    else if (shown.has(first)) at.set(path, text)
    else others.push(`${labelOf(path)}: ${text}`)
  }
  const top = at.size === 0 ? others : others.filter((text) => !isEcho(text))
  return { top: at.size === 0 && top.length === 0 ? [refusal.message] : top, at }
}

/** Says which field made another one wrong; the other one says it better. */
function isEcho(text: string): boolean {
  return /^failed conditional validation/i.test(text)
}

/** Kong puts values, not texts, into `fields` where they collide or point nowhere. */
function textsOf({ status, message, fields }: Refusal): readonly (readonly [string, string])[] {
  const names = Object.keys(fields).filter((name) => !name.startsWith('@'))
  if (status === 409) return names.map((name) => [name, 'Another one has this already'])
  if (/^the foreign key .* does not reference/.test(message)) {
    return names.map((name) => [name, 'There is no such thing'])
  }
  if (status === 404) return []
  return leavesOf(fields, '')
}

function leavesOf(tree: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof tree === 'string') return [[path, inWords(tree)]]
  if (Array.isArray(tree)) {
    return tree.flatMap((inner: unknown, i) => leavesOf(inner, joined(path, String(i))))
  }
  if (!isObject(tree)) return []
  return Object.entries(tree).flatMap(([name, inner]) => {
    if (name !== '@entity') return leavesOf(inner, joined(path, name))
    const texts: unknown[] = Array.isArray(inner) ? inner : [inner]
    return texts.flatMap((text) => leavesOf(text, path))
  })
}

function joined(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`
}

/** The texts at a path and below it, as one; undefined for none. */
export function textBelow(at: ReadonlyMap<string, string>, path: string): string | undefined {
  const texts = Array.from(at).flatMap(([place, text]) =>
    place === path || place.startsWith(`${path}.`) ? [text] : [],
  )
  return texts.length === 0 ? undefined : [...new Set(texts)].join('; ')
}

/** Without what was said of a field that has been changed since. */
export function withoutErrorsOf(placed: Placed, path: string): Placed {
  const at = new Map(
    Array.from(placed.at).filter(
      ([place]) => place !== path && !place.startsWith(`${path}.`) && !path.startsWith(`${place}.`),
    ),
  )
  return at.size === placed.at.size ? placed : { ...placed, at }
}
