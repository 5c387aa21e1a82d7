import type { SocketCaps } from '../../ports/sockets.ts'

/** Why TCP cannot be used; undefined where it can. */
export function needsTcp(caps: SocketCaps | undefined): string | undefined {
  return caps?.tcp === true ? undefined : 'there are no sockets on this runtime'
}

/** Why UDP cannot be used; undefined where it can. */
export function needsUdp(caps: SocketCaps | undefined): string | undefined {
  return caps?.udp === true ? undefined : 'there is no UDP on this runtime'
}
