import { TAG, writeValue } from './der.ts'

/** Several values as one. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return writeValue(TAG.sequence, ...parts)
}

/** An object identifier, its bytes as they are encoded. */
export function oid(...bytes: readonly number[]): Uint8Array {
  return writeValue(TAG.oid, Uint8Array.from(bytes))
}

/** A positive number: no zeros in front but the one that keeps the sign. */
export function integer(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const digits = bytes.subarray(start)
  const sign = (digits[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : []
  return writeValue(TAG.integer, ...sign, digits)
}

/** An ECDSA signature: WebCrypto gives two numbers side by side, X.509 wants them apart. */
export function ecdsaSignature(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)))
}
