import { ValueError } from './scalars.ts'

/** The message whose JSON is a text in Kong. */
export const TIMESTAMP = 'google.protobuf.Timestamp'

const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:?\d{2})?$/

/** The fields of a date and time in ISO 8601; without a zone it is UTC's. Throws a ValueError. */
export function timestampFields(text: string): { seconds: number; nanos: number } {
  const [, date = '', time = '', fraction = '', zone = 'Z'] = DATE_TIME.exec(text) ?? []
  const clock = time.length === 5 ? `${time}:00` : time
  const offset = zone.replace(/^z$/, 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const seconds = Date.parse(`${date}T${clock}${offset}`) / 1000
  if (Number.isNaN(seconds)) throw new ValueError('expected a date and time')
  return { seconds, nanos: Number(fraction.padEnd(9, '0')) }
}

/** Kong: in UTC, which it does not say. Undefined for one that is no time. */
export function timestampText({
  seconds,
  nanos,
}: Readonly<Record<string, unknown>>): string | undefined {
  const date = new Date(Number(seconds) * 1000)
  const isFraction = typeof nanos === 'number' && nanos >= 0 && nanos < 1e9
  if (Number.isNaN(date.getTime()) || !isFraction) return undefined
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
  return `${date.toISOString().slice(0, -5)}${fraction}`
}
