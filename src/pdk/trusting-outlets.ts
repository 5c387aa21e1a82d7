import type { Outlets } from '../ports/outlets.ts'
import type { ByteSocket, SocketPlace, Sockets } from '../ports/sockets.ts'
import type { UpstreamTls } from '../ports/transport.ts'

type Trust = (tls: UpstreamTls) => UpstreamTls

/** Outlets that trust these authorities, PEM texts, in place of the runtime's own, where there are any. */
export function trustingOutlets(
  { sockets, transport }: Outlets,
  ca: readonly string[] | undefined,
): Required<Outlets> {
  if (ca === undefined) return { sockets, transport }
  const trust: Trust = (tls) => (tls.verify && tls.ca === undefined ? { ...tls, ca } : tls)
  return {
    sockets: sockets && trustingSockets(sockets, trust),
    transport: {
      caps: transport.caps,
      send: (outgoing) => {
        const { tls } = outgoing
        return transport.send(tls === undefined ? outgoing : { ...outgoing, tls: trust(tls) })
      },
    },
  }
}

function trustingSockets(sockets: Sockets, trust: Trust): Sockets {
  return {
    ...sockets,
    async connect(place: SocketPlace) {
      const { tls, startTls = false } = place
      const socket = await sockets.connect(
        tls === undefined ? place : { ...place, tls: trust(tls) },
      )
      return startTls ? trustingSocket(socket, trust) : socket
    },
  }
}

/** The same connection; only TLS that begins later knows whom to trust. */
function trustingSocket(socket: ByteSocket, trust: Trust): ByteSocket {
  return {
    get open() {
      return socket.open
    },
    write: (bytes) => socket.write(bytes),
    onData: (listener) => socket.onData(listener),
    onClose: (listener) => socket.onClose(listener),
    close: () => socket.close(),
    ...(socket.startTls && {
      startTls: (tls, timeout) => startTrusted(socket, trust(tls), timeout),
    }),
    ...(socket.hold && { hold: (holds) => socket.hold?.(holds) }),
  }
}

function startTrusted(socket: ByteSocket, tls: UpstreamTls, timeout: number): Promise<ByteSocket> {
  // Proof: only where there is one does anybody come here.
  return socket.startTls?.(tls, timeout) ?? Promise.resolve(socket)
}
