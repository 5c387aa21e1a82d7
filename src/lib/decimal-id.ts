/** A number's decimal digits in lower-case hexadecimal. */
export function hexOfDecimal(digits: string): string {
  return BigInt(digits).toString(16)
}

/** The same the other way round. */
export function decimalOfHex(hex: string): string {
  return BigInt(`0x${hex}`).toString()
}
