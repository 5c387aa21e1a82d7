/** A number as LuaJIT writes it: `%.14g`, whole ones without a fraction. */
export function numberText(value: number, digits = 14): string {
  if (Number.isInteger(value) && Math.abs(value) < 10 ** digits) return `${value}`
  return general(value, digits)
}

/** C's `%g` with so many digits. */
export function general(value: number, precision: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const digits = Math.max(precision, 1)
  const [mantissa = '', power = '0'] = value.toExponential(digits - 1).split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= digits) return trimmed(mantissa) + exponentText(exponent)
  return trimmed(value.toFixed(digits - 1 - exponent))
}

/** C's `%e`. */
export function scientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return general(value, 1)
  const [mantissa = '', power = '0'] = value.toExponential(precision).split('e')
  return mantissa + exponentText(Number(power))
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
