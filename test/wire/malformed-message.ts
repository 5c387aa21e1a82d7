/**
 * What must become of a message:
 * - `refused`: answered by the gateway with an error, or cut off; nothing after it is read;
 * - `served`: passed on clean, and so is the next request;
 * - `alone`: passed on clean; of the next request nothing is promised;
 * - `own`: answered by the gateway; of the next request nothing is promised;
 * - `hungry`: never whole, so the gateway waits for the rest;
 * - `any`: parsers may differ, as long as all the rules for every message hold.
 */
export type Verdict = 'refused' | 'served' | 'alone' | 'own' | 'hungry' | 'any'

/** A message as raw text, one char a byte; `ID` stands for what tells it from the others. */
export interface Message {
  readonly name: string
  readonly text: string
  readonly verdict: Verdict
  /** The body the target must see. */
  readonly body?: string
}

/** What every message says of itself. */
export const HEAD = 'Host: echo.test\r\nX-Case: ID\r\n'

/** A request that nobody may ever see. */
export const SMUGGLED = 'GET /smuggled-ID HTTP/1.1\r\nHost: echo.test\r\nX-Case: ID\r\nX: '

/** A text with its control and other odd bytes spelled out. */
export function spelled(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 50)}… (${text.length})` : text
  return JSON.stringify(shown).replace(
    /[\x7f-\xff]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16)}`,
  )
}
