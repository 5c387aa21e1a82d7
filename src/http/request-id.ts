import type { Runtime } from '../ports/runtime.ts'

const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const LENGTH = 32

/**
 * Makes ids of 32 hex digits, as nginx' `$request_id` has; unique, not secret. All digits become a
 * text at once: one put together of pieces is copied again when it is read.
 */
export function requestIds(runtime: Pick<Runtime, 'random'>): () => string {
  const codes = new Array<number>(LENGTH).fill(0)
  return () => {
    for (let end = 8; end <= LENGTH; end += 8) {
      let bits = (runtime.random() * 0x1_0000_0000) >>> 0
      for (let at = end - 1; at >= end - 8; at--) {
        codes[at] = DIGITS[bits & 15] as number // the mask keeps the index within the table
        bits >>>= 4
      }
    }
    return String.fromCharCode.apply(null, codes)
  }
}
