/** What this process or machine can run out of, by the systems' own names: files, buffers, memory. */
const OWN_LACKS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** Whether a connection that could not even be begun says nothing of whom it was to go to. */
export function isOwnLack(code: string): boolean {
  return OWN_LACKS.has(code)
}
