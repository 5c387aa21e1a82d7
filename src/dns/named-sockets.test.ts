import { describe, expect, it } from 'vitest'
import { fakeSockets } from '../../test/logs/fake-outlets.ts'
import type { ByteSocket, SocketPlace, Sockets } from '../ports/sockets.ts'
import { SocketError } from '../ports/sockets.ts'
import { namedSockets } from './named-sockets.ts'
import type { Names, Resolution } from './names.ts'

const PLACE = { host: 'redis.test', port: 6379, connectTimeout: 10 }
const SOCKET = {} as ByteSocket

const failing = (code: string) => () => Promise.reject(new SocketError(code, code))

/** Sockets beside a DNS that knows `redis.test`; gives what the former were asked for. */
function setUp(
  resolution: Resolution,
  connect: (place: SocketPlace) => Promise<ByteSocket> = async () => SOCKET,
) {
  const asked: string[] = []
  const note = (place: { host: string; port: number; path?: string }): void => {
    asked.push(place.path ?? `${place.host}:${place.port}`)
  }
  const plain: Sockets = {
    ...fakeSockets(),
    connect(place) {
      note(place)
      return connect(place)
    },
    sendDatagram: async (place) => note(place),
  }
  const names: Pick<Names, 'isLiteral' | 'resolve'> = {
    isLiteral: (host) => host !== 'redis.test',
    resolve: async () => resolution,
  }
  // Proof: no more of it is called.
  return { asked, sockets: namedSockets(plain, names as Names) }
}

const found = (...addresses: readonly { ip: string; port?: number }[]): Resolution => ({
  ok: true,
  addresses,
})

describe('a connection', () => {
  it('goes to the addresses of its name in turn', async () => {
    const { asked, sockets } = setUp(found({ ip: '10.0.0.1' }, { ip: '10.0.0.2' }))
    for (let i = 0; i < 3; i++) expect(await sockets.connect(PLACE)).toBe(SOCKET)
    expect(asked).toEqual(['10.0.0.1:6379', '10.0.0.2:6379', '10.0.0.1:6379'])
  })

  it('goes to the port an SRV record names, and keeps the name for TLS', async () => {
    let seen: SocketPlace | undefined
    const { asked, sockets } = setUp(found({ ip: '10.0.0.1', port: 7000 }), async (place) => {
      seen = place
      return SOCKET
    })
    const tls = { serverName: 'redis.test', verify: true }
    await sockets.connect({ ...PLACE, tls })
    expect([asked, seen?.tls]).toEqual([['10.0.0.1:7000'], tls])
  })

  it('goes to another address where one refuses', async () => {
    const { asked, sockets } = setUp(found({ ip: '10.0.0.1' }, { ip: '10.0.0.2' }), (place) =>
      place.host === '10.0.0.1' ? failing('ECONNREFUSED')() : Promise.resolve(SOCKET),
    )
    expect(await sockets.connect(PLACE)).toBe(SOCKET)
    expect(asked).toEqual(['10.0.0.1:6379', '10.0.0.2:6379'])
  })

  it.each([
    { code: 'ECONNREFUSED', count: 2 },
    { code: 'ETIMEDOUT', count: 1 },
  ])('fails with $code after $count', async ({ code, count }) => {
    const both = found({ ip: '10.0.0.1' }, { ip: '10.0.0.2' })
    const { asked, sockets } = setUp(both, failing(code))
    await expect(sockets.connect(PLACE)).rejects.toMatchObject({ code })
    expect(asked).toHaveLength(count)
  })

  it('says in Kong’s words why a name has no address', async () => {
    const { asked, sockets } = setUp({ ok: false, reason: 'nxdomain' })
    await expect(sockets.connect(PLACE)).rejects.toMatchObject({
      code: 'ENOTFOUND',
      message: 'Cannot find "redis.test": dns server error: 3 name error',
    })
    expect(asked).toEqual([])
  })

  it('to an address, or a Unix socket, asks for no name', async () => {
    const { asked, sockets } = setUp({ ok: false, reason: 'nxdomain' })
    await sockets.connect({ ...PLACE, host: '127.0.0.1' })
    await sockets.connect({ ...PLACE, path: '/run/redis' })
    expect(asked).toEqual(['127.0.0.1:6379', '/run/redis'])
  })
})

describe('a datagram', () => {
  it('goes to an address of its name', async () => {
    const { asked, sockets } = setUp(found({ ip: '10.0.0.1', port: 8126 }))
    await sockets.sendDatagram?.(PLACE, new Uint8Array(1))
    await sockets.sendDatagram?.({ ...PLACE, host: '::1' }, new Uint8Array(1))
    expect(asked).toEqual(['10.0.0.1:8126', '::1:6379'])
  })
})
