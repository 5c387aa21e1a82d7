import { describe, expect, it } from 'vitest'
import { fakeSockets } from '../../test/logs/fake-outlets.ts'
import { incoming } from '../../test/proxy/fakes.ts'
import type { ByteSocket, SocketPlace } from '../ports/sockets.ts'
import type { Outgoing, Sender, UpstreamTls } from '../ports/transport.ts'
import { trustingOutlets } from './trusting-outlets.ts'

const CA = ['ours']
const VERIFIED: UpstreamTls = { serverName: 'a.test', verify: true }
const PLACE: SocketPlace = { host: 'a.test', port: 1, connectTimeout: 1 }

function setUp() {
  const sent: Outgoing[] = []
  const places: SocketPlace[] = []
  const begun: UpstreamTls[] = []
  const socket: ByteSocket = {
    open: true,
    write: async () => {},
    onData() {},
    onClose() {},
    close() {},
    startTls: async (tls) => {
      begun.push(tls)
      return socket
    },
  }
  const sockets = {
    ...fakeSockets(),
    connect: async (place: SocketPlace) => {
      places.push(place)
      return socket
    },
  }
  const transport: Sender = {
    // Proof: nothing here asks what it can.
    caps: {} as Sender['caps'],
    send: async (outgoing) => {
      sent.push(outgoing)
      return incoming()
    },
  }
  return { ...trustingOutlets({ sockets, transport }, CA), sent, places, begun }
}

describe('authorities that are named', () => {
  it.each([
    { what: 'TLS that is verified', tls: VERIFIED, ca: CA },
    { what: 'TLS that is not', tls: { ...VERIFIED, verify: false }, ca: undefined },
    { what: 'TLS with authorities of its own', tls: { ...VERIFIED, ca: ['own'] }, ca: ['own'] },
    { what: 'no TLS', tls: undefined, ca: undefined },
  ])('of $what: $ca', async ({ tls, ca }) => {
    const { sockets, transport, sent, places } = setUp()
    // Proof: nothing of it but `tls` is looked at.
    await transport.send({ ...(tls && { tls }) } as Outgoing)
    await sockets?.connect({ ...PLACE, ...(tls && { tls }) })
    expect([sent[0]?.tls?.ca, places[0]?.tls?.ca]).toEqual([ca, ca])
  })

  it('are trusted by TLS that begins later', async () => {
    const { sockets, begun } = setUp()
    const socket = await sockets?.connect({ ...PLACE, startTls: true })
    expect(socket?.open).toBe(true)
    await socket?.startTls?.(VERIFIED, 1)
    expect(begun).toEqual([{ ...VERIFIED, ca: CA }])
  })
})
