/**
 * What a plain scalar of a file stands for. Kong, decK and their users know YAML 1.1: `yes` and `on`
 * are true, `017` is fifteen, `1_000` a thousand and `1:30` ninety.
 */
export function plainScalar(text: string): unknown {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  return NUMERIC.test(text) ? (numberOf(text) ?? text) : text
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...'true True TRUE yes Yes YES on On ON'.split(' ').map((word) => [word, true] as const),
  ...'false False FALSE no No NO off Off OFF'.split(' ').map((word) => [word, false] as const),
  ...'.nan .NaN .NAN'.split(' ').map((word) => [word, Number.NaN] as const),
  ...['', '+', '-'].flatMap((sign) =>
    ['.inf', '.Inf', '.INF'].map((word) => [sign + word, Number(`${sign}Infinity`)] as const),
  ),
])

/** What a number may be made of, and a name seldom is. */
const NUMERIC = /^[-+.\d_][\da-fA-FxX_.:+-]*$/

const PLAIN_DECIMAL = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/
const OCTAL = /^([-+]?)0_*([0-7][0-7_]*)$/
const DECIMAL = /^([-+]?)_*(\d[\d_]*)$/
const FLOAT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/
const HEX = /^([-+]?)(0x_*[\da-fA-F][\da-fA-F_]*)$/
const BINARY = /^([-+]?)(0b)_*([01][01_]+)$/
/** Minutes and seconds. */
const SIXTIES = /^([-+]?)(\d+:[0-5]?\d[:\d]*)(\.\d+)?$/

function numberOf(text: string): number | undefined {
  if (PLAIN_DECIMAL.test(text)) return Number(text)
  const [octal, octalSign, octalDigits = ''] = OCTAL.exec(text) ?? []
  if (octal !== undefined) return signed(octalSign, Number(`0o${bare(octalDigits)}`))
  const [decimal, sign, digits = ''] = DECIMAL.exec(text) ?? []
  if (decimal !== undefined) return signed(sign, Number(bare(digits)))
  if (/[.eE]/.test(text) && FLOAT.test(bare(text))) return Number(bare(text))
  return rareNumberOf(text)
}

function rareNumberOf(text: string): number | undefined {
  const [hex, hexSign, hexDigits = ''] = HEX.exec(text) ?? []
  if (hex !== undefined) return signed(hexSign, Number(bare(hexDigits)))
  const [binary, binarySign, prefix = '', bits = ''] = BINARY.exec(text) ?? []
  if (binary !== undefined) return signed(binarySign, Number(prefix + bare(bits)))
  const [sixties, sign, parts = '', fraction = '0'] = SIXTIES.exec(text) ?? []
  if (sixties === undefined) return undefined
  let sum = 0
  for (const part of parts.match(/\d+/g) ?? []) sum = sum * 60 + Number(part)
  return signed(sign, sum + Number(fraction))
}

function bare(digits: string): string {
  return digits.replaceAll('_', '')
}

function signed(sign: string | undefined, value: number): number {
  return sign === '-' ? -value : value
}
