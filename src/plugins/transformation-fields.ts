import { checkHeaderName } from '../entities/texts.ts'

/** Texts, none unless told. */
export const names = {
  type: 'array',
  required: true,
  default: [],
  elements: { type: 'string' },
} as const

/** Names of headers, maybe with a value each. */
export const headerNames = {
  ...names,
  elements: { type: 'string', check: checkNamedHeader },
} as const

/** `name:value` each, where the value may be empty. */
export const pairs = {
  ...names,
  elements: { type: 'string', match: '^[^:]+:.*$' },
} as const

/** The same, of headers. */
export const headerPairs = {
  ...names,
  elements: { type: 'string', match: '^[^:]+:.*$', check: checkNamedHeader },
} as const

/** `old:new` each, both names of headers. */
export const headerRenames = {
  ...names,
  elements: { type: 'string', match: '^[^:]+:.*$', check: checkRenamedHeader },
} as const

/** `name:template` each, where there must be a template. Kong compiles it, having a Lua. */
export const templatePairs = {
  ...names,
  elements: { type: 'string', check: checkTemplatePair },
} as const

function checkNamedHeader(pair: string): string | undefined {
  return checkHeader(split(pair).name)
}

function checkRenamedHeader(pair: string): string | undefined {
  const { name, value } = split(pair)
  return checkHeader(name) ?? checkHeader(value)
}

function checkHeader(name: string): string | undefined {
  return checkHeaderName(name) === undefined ? undefined : `'${name}' is not a valid header`
}

function checkTemplatePair(pair: string): string | undefined {
  const { name, value } = split(pair)
  return name === '' || value === '' ? `key '${name}' has no value` : undefined
}

function split(pair: string): { name: string; value: string } {
  const [, name = '', value = ''] = /^([^:]+):*(.*)$/s.exec(pair) ?? []
  return { name, value }
}
