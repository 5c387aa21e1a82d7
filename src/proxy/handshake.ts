import type { MissingOptions } from './missing-certificate.ts'

/** Asks the global plugins whether a TLS handshake goes on; Kong: one that fails ends it, too. */
export function admitHandshake({
  snapshot,
  runtime,
}: MissingOptions): (serverName: string | undefined) => boolean {
  return (serverName) => {
    const asked = snapshot().chains.global?.hooks.filter((hooks) => hooks.handshake !== undefined)
    if (asked === undefined || asked.length === 0) return true
    const handshake = { serverName, shared: new Map() }
    try {
      return asked.every((hooks) => hooks.handshake?.(handshake) !== false)
    } catch (error) {
      runtime.log('error', 'A plugin failed at a TLS handshake', { error })
      return false
    }
  }
}
