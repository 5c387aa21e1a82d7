import { perObject } from '../lib/per-object.ts'
import type { Hooks } from '../pdk/hooks.ts'
import type { Admittance, CertificateSource } from '../ports/server.ts'
import type { Chain } from '../snapshot/chain.ts'
import type { MissingOptions } from './missing-certificate.ts'

/** Finds the global plugins that decide on TLS handshakes; Kong: one that fails ends it, too. */
export function admitHandshake({
  snapshot,
  runtime,
}: MissingOptions): Required<CertificateSource>['admit'] {
  return (listener) => {
    const { global, globalStream } = snapshot().chains
    const chain = listener === 'http' ? global : globalStream
    const asked = chain && askedOf(chain)
    if (asked === undefined) return undefined
    return (serverName) => {
      let admitted: Admittance = 'admitted'
      const requestCertificate = (): void => {
        admitted = 'asking'
      }
      const handshake = { serverName, listener, requestCertificate, shared: new Map() }
      try {
        return asked.every((one) => one.handshake?.(handshake) !== false) ? admitted : 'refused'
      } catch (error) {
        runtime.log('error', 'A plugin failed at a TLS handshake', { error })
        return 'refused'
      }
    }
  }
}

/** Undefined where none is asked. */
const askedOf = perObject(({ hooks }: Chain): readonly Hooks[] | undefined => {
  const asked = hooks.filter(({ handshake }) => handshake !== undefined)
  return asked.length === 0 ? undefined : asked
})
