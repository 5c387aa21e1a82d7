import type { Runtime } from '../ports/runtime.ts'

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Makes ids of 32 hex digits, as nginx' `$request_id` has; unique, not secret. */
export function requestIds(runtime: Pick<Runtime, 'random'>): () => string {
  const word = () => {
    const bits = (runtime.random() * 0x1_0000_0000) >>> 0
    return hexOf(bits >>> 24) + hexOf(bits >>> 16) + hexOf(bits >>> 8) + hexOf(bits)
  }
  return () => word() + word() + word() + word()
}

function hexOf(bits: number): string {
  return HEX[bits & 255] as string // the mask keeps the index within the table
}
