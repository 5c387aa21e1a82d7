import { general, scientific } from '../../src/lib/lua-number.ts'
import { LuaFault, type LuaValue } from '../../src/pdk/lua-engine.ts'

const DIRECTIVE = /%([-+ #0]{0,5})(\d{0,2})(?:\.(\d{0,2}))?([a-zA-Z%])/g

/** `string.format`; `textOf` says what `%s` shows of a value. */
export function formatted(
  format: string,
  args: readonly LuaValue[],
  textOf: (at: number) => string,
): string {
  let at = 0
  const stray = /%(?![-+ #0]{0,5}\d{0,2}(?:\.\d{0,2})?[a-zA-Z%])/
  const bare = format.replaceAll('%%', '')
  if (stray.test(bare)) throw new LuaFault("invalid option '%' to 'format'")
  return format.replace(DIRECTIVE, (all, flags: string, width: string, digits, kind: string) => {
    if (kind === '%') return '%'
    const index = at++
    if (index >= args.length) {
      throw new LuaFault(`bad argument #${index + 2} to 'format' (no value)`)
    }
    const precision = digits === undefined ? undefined : Number(digits)
    if (kind === 's') {
      const text = textOf(index)
      const shown = precision === undefined ? text : text.slice(0, precision)
      return padded(shown, flags.replaceAll('0', ''), width)
    }
    if (kind === 'q') return quoted(textOf(index))
    const number = numberAt(args, index)
    if (kind === 'c') return padded(String.fromCharCode(number & 0xff), flags, width)
    const text = numeral(number, kind, { precision, flags })
    if (text === undefined) throw new LuaFault(`invalid option '${all}' to 'format'`)
    // C: a precision says how many digits a whole number has.
    const zeros = precision !== undefined && /[diuxXo]/.test(kind) ? '' : flags
    return padded(signed(text, flags), flags.includes('-') ? '-' : zeros, width)
  })
}

function numberAt(args: readonly LuaValue[], index: number): number {
  const value = args[index]
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && (typeof value === 'number' || !Number.isNaN(number))) {
    return number
  }
  const what = value === undefined ? 'nil' : typeof value
  throw new LuaFault(`bad argument #${index + 2} to 'format' (number expected, got ${what})`)
}

interface Shape {
  readonly precision: number | undefined
  readonly flags: string
}

function numeral(value: number, kind: string, { precision, flags }: Shape): string | undefined {
  const whole = Math.trunc(value)
  switch (kind) {
    case 'd':
    case 'i':
      return atLeast(inFull(whole), precision)
    case 'u':
      return atLeast(unsigned(whole).toString(), precision)
    case 'x':
      return (flags.includes('#') ? '0x' : '') + atLeast(unsigned(whole).toString(16), precision)
    case 'X':
      return (
        (flags.includes('#') ? '0X' : '') +
        atLeast(unsigned(whole).toString(16).toUpperCase(), precision)
      )
    case 'o':
      return atLeast(unsigned(whole).toString(8), precision)
    case 'f':
      return Number.isFinite(value) ? value.toFixed(precision ?? 6) : general(value, 1)
    case 'e':
      return scientific(value, precision ?? 6)
    case 'E':
      return scientific(value, precision ?? 6).toUpperCase()
    case 'g':
      return general(value, precision ?? 6)
    case 'G':
      return general(value, precision ?? 6).toUpperCase()
    default:
      return undefined
  }
}

function inFull(value: number): string {
  return Number.isFinite(value) ? BigInt(value).toString() : general(value, 1)
}

function unsigned(value: number): bigint {
  return Number.isFinite(value) ? BigInt.asUintN(64, BigInt(value)) : 0n
}

function atLeast(text: string, digits = 0): string {
  return text.startsWith('-')
    ? `-${text.slice(1).padStart(digits, '0')}`
    : text.padStart(digits, '0')
}

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text
  if (flags.includes('+')) return `+${text}`
  return flags.includes(' ') ? ` ${text}` : text
}

function padded(text: string, flags: string, width: string): string {
  const least = Number(width)
  if (flags.includes('-')) return text.padEnd(least)
  // Zeros fill numbers alone, in whatever base: `inf` and `nan` have no digits.
  if (!flags.includes('0') || !/^[-+ ]?[0-9a-f]/i.test(text)) return text.padStart(least)
  const [sign = ''] = /^(?:[-+ ]|0x)/i.exec(text) ?? []
  return sign + text.slice(sign.length).padStart(least - sign.length, '0')
}

function quoted(text: string): string {
  const body = text
    .replace(/[\\"\n]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\0')
  return `"${body}"`
}
