import { checkHeaderName } from '../../entities/texts.ts'
import { checkTemplate } from '../../lib/template/template.ts'
import { TEMPLATE_NAMES } from '../request-transformer/scope.ts'

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

/** `name:template` each, the name a header's. As in Kong the template is looked at when it is used. */
export const headerPairs = {
  ...names,
  elements: { type: 'string', match: '^[^:]+:.*$', check: checkHeaderPair },
} as const

/** `old:new` each, both names of headers. */
export const headerRenames = {
  ...names,
  elements: { type: 'string', match: '^[^:]+:.*$', check: checkRenamedHeader },
} as const

/** `name:template` each, where there must be a template. */
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

function checkHeaderPair(pair: string): string | undefined {
  return checkHeader(split(pair).name)
}

function checkTemplatePair(pair: string): string | undefined {
  const { name, value } = split(pair)
  return name === '' || value === '' ? `key '${name}' has no value` : checkValue(value)
}

/** Why a text is no template, in Kong's words but for the reason, which it has of its Lua. */
function checkValue(value: string): string | undefined {
  const reason = checkTemplate(value, TEMPLATE_NAMES)
  return reason && `value '${value}' is not in supported format, error:${reason}`
}

/** The two sides of a pair; the second may be empty. */
export function split(pair: string): { name: string; value: string } {
  const [, name = '', value = ''] = /^([^:]+):*(.*)$/s.exec(pair) ?? []
  return { name, value }
}
