import { describe, expect, it } from 'vitest'
import { answerAll, left, OK } from './outgoing.fixture.ts'
import { textOf } from './raw-peers.fixture.ts'
import { transportRig } from './transport-rig.fixture.ts'

const rig = transportRig()
const { upstream, send } = rig

describe('connections', () => {
  it.each(['127.0.0.1', '::1'])('reaches localhost when it listens on %s only', async (host) => {
    const server = await upstream((peer) => answerAll(peer), host)
    expect(await send(server.port, { host: 'localhost' })).toMatchObject({ status: 200 })
    expect(await rig.transport.probe('localhost', server.port, 1000)).toBeUndefined()
  })

  it('are used again, the last one first, unless a fresh one is asked for', async () => {
    const server = await upstream((peer) => answerAll(peer))
    await Promise.all([send(server.port), send(server.port)])
    for (let count = 0; count < 5; count++) await send(server.port)
    expect(server.sockets).toHaveLength(2)
    await send(server.port, { fresh: true })
    expect(server.sockets).toHaveLength(3)
  })

  it.each([
    { poolSize: 1, connections: 3 },
    { poolSize: 2, connections: 2 },
    { poolSize: 0, connections: 4 },
  ])('are kept for later, $poolSize of one address', async ({ poolSize, connections }) => {
    await rig.use({ poolSize })
    const server = await upstream((peer) => answerAll(peer))
    await Promise.all([send(server.port), send(server.port)])
    await Promise.all([send(server.port), send(server.port)])
    expect(server.sockets).toHaveLength(connections)
  })

  it.each([
    ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
    [
      'Keep-Alive: timeout=1',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n',
    ],
    ['bytes behind the answer', `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
    ['a body where none may be', 'HTTP/1.1 204 No\r\nContent-Length: 4\r\n\r\nevil'],
  ])('are not used again after %s', async (_, text) => {
    const server = await upstream((peer) => answerAll(peer, text))
    await send(server.port)
    await send(server.port)
    expect(server.sockets).toHaveLength(2)
  })

  it('are dropped when bytes come that nobody asked for', async () => {
    const server = await upstream((peer) => answerAll(peer))
    await send(server.port)
    const [socket] = server.sockets
    if (socket === undefined) throw new Error('Expected a connection')
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
    await left(server)
    const result = await send(server.port)
    expect(await textOf(result.ok ? result.body : undefined)).toBe('ok')
    expect(server.sockets).toHaveLength(2)
  })

  it('that died while idle are told as reused', async () => {
    const server = await upstream(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send(OK)
      await peer.until('\r\n\r\n', 2)
      peer.socket.resetAndDestroy()
    })
    await send(server.port)
    expect(await send(server.port)).toMatchObject({ phase: 'head', reused: true })
  })

  it('end after their idle time and their number of requests', async () => {
    await rig.use({ idleTimeout: 50, maxRequests: 2 })
    const server = await upstream((peer) => answerAll(peer))
    await send(server.port)
    await left(server)
    await send(server.port)
    await send(server.port)
    await send(server.port)
    expect(server.sockets).toHaveLength(3)
  })
})
