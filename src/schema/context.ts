import type { Runtime } from '../ports/runtime.ts'
import type { ValidateContext } from './validate.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const SECRET_LENGTH = 32

/** Fills bytes with chance. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>

const fillRandom: FillRandom = (bytes) => crypto.getRandomValues(bytes)

/** Rows made now, on this machine. */
export function contextOf(
  runtime: Pick<Runtime, 'now' | 'uuid'> & Partial<Pick<Runtime, 'log'>>,
  fill: FillRandom = fillRandom,
): ValidateContext {
  return {
    now: runtime.now(),
    newId: () => runtime.uuid(),
    secret: () => secretOf(fill),
    warn: (text, fields) => runtime.log?.('warn', text, fields),
  }
}

/** Letters and digits, each as likely as the others. */
function secretOf(fill: FillRandom): string {
  let secret = ''
  while (secret.length < SECRET_LENGTH) {
    for (const byte of fill(new Uint8Array(2 * SECRET_LENGTH))) {
      // The bytes past the last whole turn of the letters would favour the first ones.
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += LETTERS[byte % LETTERS.length]
    }
  }
  return secret
}
