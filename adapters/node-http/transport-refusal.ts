import type { Failure, Outgoing } from '../../src/ports/transport.ts'

/** A call that ends before anything of it was sent. */
export function refusal(code: string): Failure {
  return { ok: false, phase: 'connect', code, timeout: false, reused: false, byClient: false }
}

/** The same of options no socket can be made of, such as a certificate that is none. */
export function refusalOf(error: unknown, { scheme }: Outgoing): Failure {
  return { ...refusal(codeOf(error)), phase: scheme === 'https' ? 'tls' : 'connect' }
}

/** The runtime's own code of an error. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'ERROR'
}
