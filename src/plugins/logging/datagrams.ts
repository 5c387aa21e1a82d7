import type { Kit } from '../../pdk/kit.ts'
import type { DatagramPlace } from '../../ports/sockets.ts'
import { createComplaint } from './complaint.ts'

/** Sends a text off, each a datagram; undefined where there is no UDP. */
export function datagramsTo(kit: Kit, place: DatagramPlace): ((text: string) => void) | undefined {
  const { sockets, runtime } = kit
  if (sockets?.sendDatagram === undefined) return undefined
  const complain = createComplaint(kit, `Cannot send to ${place.host}:${place.port}`)
  return (text) => {
    const sent = sockets.sendDatagram?.(place, encoder.encode(text))
    if (sent !== undefined) runtime.background(sent.catch(complain))
  }
}

const encoder = new TextEncoder()
