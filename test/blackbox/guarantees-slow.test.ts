import { Buffer } from 'node:buffer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../runtimes/start.ts'
import { type Pools, startPools } from '../wire/pools.ts'
import { connectTo, type RawClient, requestText } from '../wire/raw-client.ts'
import { answering, plain, type Script } from '../wire/scripted-target.ts'
import { ask, json } from './client.ts'
import { residentMiB } from './resident.ts'
import { RUNTIMES } from './runtimes.ts'
import { failed, percentile, steadily } from './steady.ts'

// A Worker's sockets are the platform's.
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

const MIB = 1024 * 1024
const LARGE = 64 * MIB
/** The machine has others to serve: times may be so many times what is guaranteed. */
const SLACK = 3

/** Answers with 64 MiB, as fast as they are read; counts by path what has left. */
function large(left: Map<string, number>): Script {
  const chunk = Buffer.alloc(65_536, 'x')
  return async ({ socket, target }) => {
    let go = (): void => {}
    socket.on('error', () => {}).on('drain', () => go())
    socket.on('close', () => go())
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`)
    for (let sent = 0; sent < LARGE && !socket.destroyed; sent += chunk.length) {
      left.set(target, sent)
      if (socket.write(chunk)) continue
      await new Promise<void>((resolve) => {
        go = resolve
      })
    }
  }
}

describe.concurrent.each(runtimes)('what is guaranteed of slow clients on %s', (runtime) => {
  let pools: Pools

  beforeAll(async () => {
    pools = await startPools(runtime)
  })
  afterAll(() => pools?.stop())

  it.sequential('G19: 8 readers that stall draw little of 64 MiB, and cost little', async () => {
    const left = new Map<string, number>()
    const { host } = await pools.open({ scripts: [large(left)] })
    const download = async (path: string): Promise<RawClient> => {
      const client = await pools.connect()
      client.write(requestText(`GET ${path}`, host))
      await client.head()
      return client
    }
    // One that reads, so that the runtime has what it needs for any.
    const reader = await download('/whole')
    // In parts: how long all of it takes is the machine's affair.
    for (let read = 0; read < LARGE; read += MIB) await reader.reader.take(MIB)
    reader.leave()
    const before = residentMiB(pools.gateway.pid)
    const stall = async (n: number): Promise<number> => {
      const { socket } = await download(`/${n}`)
      socket.pause()
      const drawn = await settled(() => left.get(`/${n}`) ?? 0)
      return drawn - socket.bytesRead
    }
    const drawn = await Promise.all(Array.from({ length: 8 }, (_, n) => stall(n)))
    expect(Math.max(...drawn)).toBeLessThan(32 * MIB)
    expect(residentMiB(pools.gateway.pid) - before).toBeLessThan(96)
  })

  it.sequential('G20: slow heads, slow uploads and idle clients hurt nobody', async () => {
    const { host } = await pools.open({ scripts: [answering(plain('fine'))] })
    const slow = await pools.open({ scripts: [answering(plain('late'))] })
    await ask(
      `${pools.gateway.adminUrl}/services/${host.replace('.test', '')}/routes`,
      json({ paths: ['/fine'] }),
    )
    const url = `${pools.gateway.proxyUrl}/fine`
    const alone = await steadily(url, { perSecond: 200, seconds: 0.5 })
    const base = percentile(alone, 0.99)

    const heads = await many(pools, 300, requestText('GET /', slow.host).slice(0, -2))
    const upload = 'Content-Length: 1000000\r\n'
    const uploads = await many(pools, 60, requestText('POST /', slow.host, upload, 'x'))
    await many(pools, 1000, '')
    const dripping = setInterval(() => {
      for (const client of heads) client.write('X')
      for (const client of uploads) client.write('x')
    }, 100)
    const served = await steadily(url, { perSecond: 200, seconds: 1 })
    clearInterval(dripping)
    expect(failed(served)).toEqual([])
    expect(served.length).toBe(200)
    expect(percentile(served, 0.99)).toBeLessThan((250 + 5 * base) * SLACK)
  })
})

describe.concurrent.each(runtimes)('G21: a head that never ends on %s', (runtime) => {
  it('is cut off when its time is up, however it drips', async () => {
    const gateway = await startGateway(runtime, { settings: { client_header_timeout: '1' } })
    const client = await connectTo(gateway.proxyPort)
    client.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    const dripping = setInterval(() => client.write('x'), 100)
    const start = performance.now()
    const closed = new Promise<void>((resolve) => client.socket.once('close', () => resolve()))
    client.socket.resume()
    await closed
    clearInterval(dripping)
    // Its second, the next look at the clock, and the time to send a last answer.
    expect(performance.now() - start).toBeLessThan(3000 * SLACK)
    await gateway.stop()
  })
})

/** Clients that have begun to send something. */
async function many(pools: Pools, count: number, start: string): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let n = 0; n < count; n += 50) {
    const batch = Array.from({ length: Math.min(50, count - n) }, () => pools.connect())
    clients.push(...(await Promise.all(batch)))
  }
  for (const client of clients) {
    client.socket.on('error', () => {})
    if (start !== '') client.write(start)
  }
  return clients
}

/** A figure once it no longer grows. */
async function settled(figure: () => number): Promise<number> {
  for (let before = figure(); ; ) {
    await new Promise((done) => setTimeout(done, 500))
    const now = figure()
    if (now === before) return now
    before = now
  }
}
