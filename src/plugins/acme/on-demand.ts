import { createRecentMap } from '../../lib/recent-map.ts'
import type { Kit } from '../../pdk/kit.ts'
import { certify } from './certify.ts'
import type { AcmeConfig } from './config.ts'

/** What may be a host that a public authority knows. */
const HOST = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/

/** Hosts that are remembered as asked for lately. */
const REMEMBERED = 10_000

/** Not asked for again within so many milliseconds. */
const PAUSE = 30_000

/** Gets a certificate, beside the request, for a host that was asked for and has none. */
export function certifyOnDemand(config: AcmeConfig, kit: Kit): (host: string) => void {
  const { entities, runtime } = kit
  const asked = kit.keep('acme:asked', () => createRecentMap<string, number>(REMEMBERED))
  const isServed = (name: string) => entities.getBy('snis', 'name', name) !== undefined

  return (host) => {
    const now = runtime.now()
    const last = asked.get(host)
    if (last !== undefined && now - last < PAUSE) return
    if (!HOST.test(host) || host.length > 253) return
    const dot = host.indexOf('.')
    if (isServed(host) || isServed(`*${host.slice(dot)}`)) return
    if (isServed(`${host.slice(0, host.lastIndexOf('.'))}.*`)) return
    asked.set(host, now)
    runtime.background(
      certify(host, config, kit).then((result) => {
        if (result.state !== 'failed') return
        runtime.log('error', 'Cannot get a certificate', { host, error: result.error })
      }),
    )
  }
}
