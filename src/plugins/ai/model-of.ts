import type { ClientSide } from '../../pdk/exchange.ts'
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
  const open = [...Object.values(fixed.options), fixed.name].some(hasExpression)
  return open ? (asked) => chosenBy(asked, fixed) : () => fixed
}

function hasExpression(value: unknown): boolean {
  return typeof value === 'string' && EXPRESSION.test(value)
}

function chosenBy(asked: Asked, { name, options }: ChosenModel): ChosenModel | Unmapped {
  let chosenName = name
  if (name !== undefined && hasExpression(name)) {
    const value = requested(
      asked,
      name,
      "'model.name'",
      (source, key) => `'${source}', key '${key}'`,
    )
    if (typeof value !== 'string') return value
    chosenName = value
  }
  const pairs: [string, unknown][] = []
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== 'string' || !hasExpression(value)) {
      pairs.push([option, value])
      continue
    }
    const read = requested(asked, value, `'${value}'`, (source, key) => `${source} key ${key}`)
    if (typeof read !== 'string') return read
    pairs.push([option, read])
  }
  // The same options, texts of which became other texts.
  return { name: chosenName, options: Object.fromEntries(pairs) as ModelOptions }
}

/** Kong: all of the value becomes what was asked for. */
function requested(
  asked: Asked,
  written: string,
  field: string,
  describe: (source: string, key: string) => string,
): string | Unmapped {
  const [source = '', key = '', ...more] = (EXPRESSION.exec(written)?.[1] ?? '').split('.')
  if (key === '' || more.length > 0) {
    return unmapped(`cannot parse expression for field ${field}`)
  }
  const value = read(asked, source, key)
  if (typeof value === 'object' && isUnmapped(value)) return value
  return typeof value === 'string' ? value : unmapped(`${describe(source, key)} was not provided`)
}

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
