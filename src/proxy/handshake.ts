import type { CertificateSource } from '../ports/server.ts'
import type { MissingOptions } from './missing-certificate.ts'

/** Asks the global plugins whether a TLS handshake goes on; Kong: one that fails ends it, too. */
export function admitHandshake({
  snapshot,
  runtime,
}: MissingOptions): Required<CertificateSource>['admit'] {
  return (serverName, listener = 'http') => {
    const { global, globalStream } = snapshot().chains
    const { hooks } = (listener === 'http' ? global : globalStream) ?? {}
    const asked = hooks?.filter((one) => one.handshake !== undefined)
    if (asked === undefined || asked.length === 0) return true
    const handshake = { serverName, listener, shared: new Map() }
    try {
      return asked.every((one) => one.handshake?.(handshake) !== false)
    } catch (error) {
      runtime.log('error', 'A plugin failed at a TLS handshake', { error })
      return false
    }
  }
}
