import { isRecord } from '../api.ts'

/** A JSON value as YAML in block style; what YAML could take for something else is quoted. */
export function toYaml(value: unknown): string {
  return `${lines(value, '').join('\n').trim()}\n`
}

function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item) => {
      const inner = lines(item, `${indent}  `)
      const [first = '', ...rest] = inner
      return [`${indent}- ${first.trimStart()}`, ...rest]
    })
  }
  if (isRecord(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, member]) => {
      if (!isNested(member)) return [`${indent}${scalar(name)}: ${scalar(member)}`]
      const deeper = Array.isArray(member) ? indent : `${indent}  `
      return [`${indent}${scalar(name)}:`, ...lines(member, deeper)]
    })
  }
  return [`${indent}${scalar(value)}`]
}

function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isRecord(value) && Object.keys(value).length > 0
}

const PLAIN = /^[A-Za-z_/][\w./ @+-]*$/
const RESERVED = /^(y|n|yes|no|on|off|true|false|null|~)$/i

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null'
  const plain = PLAIN.test(value) && !RESERVED.test(value) && !value.endsWith(' ')
  // A JSON string is a YAML string too.
  return plain ? value : JSON.stringify(value)
}
