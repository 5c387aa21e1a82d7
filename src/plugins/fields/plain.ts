/** A list of any texts. */
export const strings = { type: 'array', elements: { type: 'string' } } as const

/** Milliseconds to wait, where zero is a wait too. */
export function timeout<const D extends number>(fallback: D) {
  return { type: 'integer', between: [0, 2147483646], default: fallback } as const
}
