import { isObject } from '../schema/field.ts'
import { plainScalar } from './yaml-scalar.ts'

/** Writes plain values as YAML, in blocks; what reads like something else is quoted. */
export function yamlOf(value: unknown): string {
  const lines: string[] = []
  write(value, { lead: '', indent: '', lines })
  return `${lines.join('\n')}\n`
}

interface Place {
  /** What stands before the value on its line. */
  readonly lead: string
  /** Of the lines below. */
  readonly indent: string
  readonly lines: string[]
}

function write(value: unknown, { lead, indent, lines }: Place): void {
  if (Array.isArray(value) && value.length > 0) {
    let before = lead
    for (const item of value) {
      write(item, { lead: `${before}- `, indent: `${indent}  `, lines })
      before = indent
    }
    return
  }
  const names = isObject(value) ? Object.keys(value) : []
  if (!isObject(value) || names.length === 0) {
    lines.push(lead + scalarOf(value))
    return
  }
  let before = lead
  for (const name of names) {
    writeMember(value[name], { lead: `${before}${textOf(name)}:`, indent, lines })
    before = indent
  }
}

function writeMember(value: unknown, { lead, indent, lines }: Place): void {
  const below = Array.isArray(value) ? value.length > 0 : isObject(value) && !isEmpty(value)
  if (!below) {
    lines.push(`${lead} ${scalarOf(value)}`)
    return
  }
  lines.push(lead)
  const inner = `${indent}  `
  write(value, { lead: inner, indent: inner, lines })
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

function scalarOf(value: unknown): string {
  if (typeof value === 'string') return textOf(value)
  if (Array.isArray(value)) return '[]'
  return isObject(value) ? '{}' : value === null || value === undefined ? '~' : String(value)
}

/** Text that every YAML takes for itself: it begins with a letter and has nothing of YAML in it. */
const PLAIN = /^(?:[A-Za-z_][\w.-]*|\/[\w./-]*|[0-9a-f]{8}-[0-9a-f-]{27})$/

/** What some YAML takes for no text at all. */
const WORDS = /^(?:true|false|yes|no|on|off|null|y|n|nan|inf)$/i

/** What single quotes cannot hold on one line. */
const UNPRINTABLE = /[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/

function textOf(text: string): string {
  if (PLAIN.test(text) && !WORDS.test(text) && plainScalar(text) === text) return text
  return UNPRINTABLE.test(text) ? escaped(text) : `'${text.replaceAll("'", "''")}'`
}

/** JSON's escapes are YAML's; some characters JSON leaves bare that YAML does not. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
