import type { ClientSide } from '../../pdk/exchange.ts'
import { isObject } from '../../schema/field.ts'
import type { LlmConfig, ModelOptions, Unmapped } from './driver.ts'
import { isUnmapped, unmapped } from './driver.ts'

type Asked = Pick<ClientSide, 'headers' | 'queryArg' | 'captures'>

const EXPRESSION = /\$\((.*?)\)/s

/** A model's name and options, those that a request has to say filled in (`$(headers.x)`). */
export interface ChosenModel {
  readonly name: string | undefined
  readonly options: ModelOptions
}

/** Prepares the choice; what is fixed is not looked at again. */
export function modelChooser({ model }: LlmConfig): (asked: Asked) => ChosenModel | Unmapped {
  const fixed = { name: model.name ?? undefined, options: model.options ?? {} }
  return hasExpression(fixed) ? (asked) => chosenBy(asked, fixed) : () => fixed
}

function hasExpression(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).some(hasExpression)
  return typeof value === 'string' && EXPRESSION.test(value)
}

function chosenBy(asked: Asked, fixed: ChosenModel): ChosenModel | Unmapped {
  const name = fixed.name === undefined ? undefined : filled(asked, fixed.name)
  if (typeof name === 'object') return name
  const options = filledRecord(asked, fixed.options)
  // The same options, texts of which became other texts.
  return isUnmapped(options) ? options : { name, options: options as ModelOptions }
}

/** What a text is: an address, a part of one, or neither. */
type Place = 'address' | 'part' | 'text'

/** Options that are addresses. */
const ADDRESSES = new Set(['upstream_url', 'upstream_path'])

/** Kong: records within count as well. All that is in them is part of an address. */
function filledRecord(asked: Asked, record: object, { nested = false } = {}): object {
  const pairs: [string, unknown][] = []
  for (const [option, value] of Object.entries(record)) {
    let made = value
    if (isObject(value)) made = filledRecord(asked, value, { nested: true })
    if (typeof value === 'string') made = filled(asked, value, { place: placeOf(option, nested) })
    if (isObject(made) && isUnmapped(made)) return made
    pairs.push([option, made])
  }
  return Object.fromEntries(pairs)
}

function placeOf(option: string, nested: boolean): Place {
  if (nested) return 'part'
  return ADDRESSES.has(option) ? 'address' : 'text'
}

/** Kong: the first expression becomes what was asked for, the text around it stays. */
function filled(
  asked: Asked,
  written: string,
  { place = 'text' }: { readonly place?: Place } = {},
): string | Unmapped {
  const found = EXPRESSION.exec(written)
  if (found === null) return written
  const [whole, expression = ''] = found
  const [source = '', key, ...more] = expression.split('.')
  if (key === undefined || more.length > 0) {
    return unmapped(`cannot parse expression for field '${written}'`)
  }
  const value = read(asked, source, key)
  if (typeof value === 'object') return value
  // A client must not leave the part of an address that it may choose.
  const isPart = place === 'part' || (place === 'address' && whole !== written)
  if (value === undefined || (isPart && DOTS.test(value))) {
    return unmapped(`${source} key ${key} was not provided`)
  }
  const put = isPart ? encodeURIComponent(value) : value
  return written.slice(0, found.index) + put + written.slice(found.index + whole.length)
}

const DOTS = /^\.+$/

function read(asked: Asked, source: string, key: string): string | undefined | Unmapped {
  switch (source) {
    case 'headers':
      return asked.headers.get(key)
    case 'uri_captures':
      return asked.captures.named[key]
    case 'query_params': {
      const [value] = asked.queryArg(key)
      return typeof value === 'string' ? value : undefined
    }
    default:
      return unmapped(`source '${source}' is not supported`)
  }
}
