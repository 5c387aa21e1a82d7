import type { EntityCheck, Field, Fields, Rules } from '../schema/field.ts'
import { mustSend } from './json-schema.ts'
import { checkText, code, ruleText, typeText } from './rule-text.ts'

/** Fields as a Markdown table; records are taken apart: `redis.host`, `destinations[].port`. */
export function fieldTable(fields: Fields): string {
  const rows = rowsOf(fields, '')
  return ['| field | type | default | rule |', '|---|---|---|---|', ...rows, ''].join('\n')
}

/** The rules that span fields, as a list; empty when there are none to tell. */
export function checkList(checks: readonly EntityCheck[] = []): string {
  const lines = checks.map(checkText).flatMap((text) => (text === undefined ? [] : [`- ${text}`]))
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`
}

function rowsOf(fields: Fields, prefix: string): string[] {
  const needed = new Set(mustSend(fields))
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = `${prefix}${name}`
    const inner = innerOf(field)
    const cells = [
      code(path),
      typeText(field),
      defaultText(field),
      ruleCell(field, needed.has(name)),
    ]
    const row = `| ${cells.map(cell).join(' | ')} |`
    if (inner === undefined) return [row]
    const shorthands = Object.entries(inner.rules.shorthand_fields ?? {})
    const below = `${path}${inner.mark}.`
    const rows = [...rowsOf(inner.fields, below), ...rowsOf(Object.fromEntries(shorthands), below)]
    // A record that is always there says nothing by itself.
    return field.type === 'record' && field.required === true ? rows : [row, ...rows]
  })
}

interface Inner {
  readonly rules: Rules
  readonly fields: Fields
  readonly mark: '' | '[]'
}

function innerOf(field: Field): Inner | undefined {
  if (field.fields !== undefined) return { rules: field, fields: field.fields, mark: '' }
  const { elements } = field
  if (elements?.fields === undefined) return undefined
  return { rules: elements, fields: elements.fields, mark: '[]' }
}

const LONGEST_DEFAULT = 60

function defaultText(field: Field): string {
  const { type, default: value } = field
  if (value === undefined || value === null || type === 'record') return ''
  if (field.encrypted === true) return 'a random text'
  const text = code(value)
  return text.length > LONGEST_DEFAULT ? `${text.slice(0, LONGEST_DEFAULT)}…\`` : text
}

function ruleCell(field: Field, needed: boolean): string {
  const { auto, unique, reference, on_delete, deprecation, encrypted, referenceable } = field
  const said: (string | false | undefined)[] = [
    needed && '**required**',
    auto === true && 'made when absent',
    unique === true && 'unique',
    reference !== undefined && field.eq === undefined && `to ${code(reference)}`,
    on_delete === 'cascade' && 'goes with it',
    ruleText(field),
    encrypted === true && 'secret',
    referenceable === true && 'may name a vault’s secret',
    field.description,
    deprecation !== undefined && `deprecated${successorsOf(field)}`,
  ]
  return said.filter((text) => typeof text === 'string' && text !== '').join('; ')
}

function successorsOf({ deprecation }: Field): string {
  const paths = deprecation?.replaced_with?.map(({ path }) => code(path.join('.'))) ?? []
  return paths.length === 0 ? '' : `, write ${paths.join(', ')}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
