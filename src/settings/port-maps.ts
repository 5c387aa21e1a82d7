import { listOf } from './list.ts'
import type { TextOf } from './numbers.ts'

/** The port clients see of each that we listen on, where something between them maps ports. */
export type PortMaps = ReadonlyMap<number, number>

/** The port a client sees of one that we listen on. */
export function seenPort(port: number, maps: PortMaps | undefined): number {
  return maps === undefined ? port : (maps.get(port) ?? port)
}

/** Reads `port_maps`: `80:8000` says that what comes to 8000 was sent to 80. Undefined for none. */
export function readPortMaps(text: TextOf, errors: string[]): PortMaps | undefined {
  const maps = new Map<number, number>()
  for (const item of listOf(text('port_maps'))) {
    const [, seen, own] = /^(\d+):(\d+)$/.exec(item) ?? []
    if (isPort(seen) && isPort(own)) maps.set(Number(own), Number(seen))
    else errors.push(`invalid port mapping (\`port_maps\`): ${item}`)
  }
  return maps.size === 0 ? undefined : maps
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && Number(text) >= 1 && Number(text) <= 65535
}
