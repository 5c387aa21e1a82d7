import { Buffer } from 'node:buffer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pools, startPools } from '../wire/pools.ts'
import { connectTo, requestText } from '../wire/raw-client.ts'
import { answering, plain, type Script, type ScriptedTarget } from '../wire/scripted-target.ts'
import { RUNTIMES } from './runtimes.ts'

// A Worker's sockets are the platform's.
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

const MIB = 1024 * 1024
const CHUNKED = 'Transfer-Encoding: chunked\r\n'
const INTERNALS = /\bat \S+:\d+|node:|ECONN|HPE_|\/src\/|\/dist\/|127\.0\.0\.1/

/** Answers without end, as fast as it is read. */
const endless: Script = async (seen) => {
  const { socket } = seen
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')])
  socket.on('error', () => {})
  seen.write(`HTTP/1.1 200 OK\r\n${CHUNKED}\r\n`)
  while (!socket.destroyed) {
    if (socket.write(chunk)) await new Promise((done) => setImmediate(done))
    else await new Promise<void>((go) => socket.once('drain', go).once('close', go))
  }
}

/** Waits until a target has no connection left; how many it has after 3 s. */
async function connectionsLeft({ open }: ScriptedTarget): Promise<number> {
  const deadline = Date.now() + 3000
  while (open.size > 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 10))
  return open.size
}

describe.each(runtimes)('what is guaranteed of connections on %s', (runtime) => {
  let pools: Pools

  beforeAll(async () => {
    pools = await startPools(runtime)
  })
  afterAll(() => pools?.stop())

  async function openOne(script: Script, service: object = {}) {
    const { host, targets } = await pools.open({ scripts: [script], service })
    const [target] = targets
    if (target === undefined) throw new Error('No target')
    return { host, target }
  }

  it.each([
    ['wait for an answer', () => {}],
    ['read a stream', (seen) => seen.write(`HTTP/1.1 200 OK\r\n${CHUNKED}\r\n3\r\nabc\r\n`)],
  ] satisfies [string, Script][])(
    'G22: 60 clients that %s and leave, leave nothing',
    async (_, script) => {
      const { host, target } = await openOne(script)
      const clients = await Promise.all(Array.from({ length: 60 }, () => pools.connect()))
      for (const client of clients) client.write(requestText('GET /', host))
      await target.next(60)
      for (const [n, { socket }] of clients.entries()) {
        if (n % 2 === 0) socket.destroy()
        else socket.resetAndDestroy()
      }
      expect(await connectionsLeft(target)).toBe(0)
    },
  )

  it('G22: a client that leaves a download draws less than 64 MiB of it', async () => {
    const { host, target } = await openOne(endless)
    const client = await pools.connect()
    client.write(requestText('GET /', host))
    await client.head()
    await client.reader.take(4 * MIB)
    client.socket.pause()
    const { socket } = await target.next()
    client.leave()
    expect(await connectionsLeft(target)).toBe(0)
    expect(socket.bytesWritten).toBeLessThan(64 * MIB)
  })

  it.each([
    ['resets', (seen) => seen.socket.resetAndDestroy(), 502],
    ['closes', (seen) => seen.socket.end(), 502],
    ['speaks nonsense', (seen) => seen.socket.end('garbage \x00\x01\r\n\r\n'), 502],
    ['cuts its head', (seen) => seen.socket.end('HTTP/1.1 200 OK\r\nContent-'), 502],
    ['cuts its first line', (seen) => seen.socket.end('HTT'), 502],
    ['hangs', () => {}, 504],
    ['hangs in its head', (seen) => seen.write('HTTP/1.1 200 OK\r\nX: '), 504],
  ] satisfies [string, (...args: Parameters<Script>) => unknown, number][])(
    'G23: a target that %s is answered for, and nothing told of the inside',
    async (_name, script, status) => {
      const run: Script = (seen) => void script(seen)
      const { host } = await openOne(run, { retries: 0, read_timeout: 200 })
      const client = await pools.connect()
      client.write(requestText('GET /', host, 'Accept: application/json\r\n'))
      const answer = await client.answer()
      expect([answer.status, Object.keys(JSON.parse(answer.text))]).toEqual([
        status,
        ['message', 'request_id'],
      ])
      expect(answer.text).not.toMatch(INTERNALS)
    },
  )

  it('G24: none of 250 GETs fails on connections that have died', async () => {
    let turn = 0
    // It dies at once, while the next request is sent, or a little later.
    const mortal: Script = async (seen) => {
      await seen.body()
      seen.write(plain('fine'))
      const { socket } = seen
      const way = turn++ % 3
      if (way === 0) socket.end()
      else if (way === 1) setImmediate(() => socket.destroy())
      else setTimeout(() => socket.resetAndDestroy(), turn % 4)
    }
    const { host } = await openOne(mortal)
    const clients = await Promise.all([1, 2, 3, 4, 5].map(() => pools.connect()))
    const statuses: number[] = []
    const ask = async (client: (typeof clients)[number]): Promise<void> => {
      for (let n = 0; n < 50; n++) {
        client.write(requestText('GET /', host))
        statuses.push((await client.answer()).status)
      }
    }
    await Promise.all(clients.map(ask))
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    expect(statuses.length).toBe(250)
  })

  it('G24: a POST on a connection that has died is not sent twice', async () => {
    const dying: Script = async (seen) => {
      await seen.body()
      seen.write(plain('fine'))
      setImmediate(() => seen.socket.destroy())
    }
    const { host, target } = await openOne(dying)
    const client = await pools.connect()
    for (let n = 0; n < 50; n++) {
      client.write(requestText(`POST /${n}`, host, 'Content-Length: 5\r\n', 'hello'))
      expect([200, 502]).toContain((await client.answer()).status)
    }
    expect(new Set(target.paths).size).toBe(target.paths.length)
  })
})

describe.each(runtimes)('G27: a request to stop on %s', (runtime) => {
  it('lets every accepted request end, and takes no new connection', async () => {
    const pools = await startPools(runtime)
    const slow = await pools.open({ scripts: [() => {}] })
    const download = await pools.open({
      scripts: [(seen) => seen.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf')],
    })
    const [waiting, reading] = [await pools.connect(), await pools.connect()]
    waiting.write(requestText('GET /', slow.host))
    reading.write(requestText('GET /', download.host))
    await reading.head()
    const asked = await slow.targets[0]?.next()

    process.kill(pools.gateway.pid, 'SIGTERM')
    await refused(pools.gateway.proxyPort)
    asked?.write(plain('late'))
    expect((await waiting.answer()).text).toBe('late')
    const sending = await download.targets[0]?.next()
    sending?.write('half')
    expect(`${await reading.reader.take(8)}`).toBe('halfhalf')
    await pools.stop()
  }, 30_000)

  it('tells a client that keeps its connection', async () => {
    const pools = await startPools(runtime)
    const { host } = await pools.open({ scripts: [answering(plain('quick'))] })
    const idle = await pools.connect()
    idle.write(requestText('GET /', host))
    await idle.answer()

    process.kill(pools.gateway.pid, 'SIGTERM')
    await refused(pools.gateway.proxyPort)
    idle.write(requestText('GET /', host))
    const last = await idle.answer()
    expect([last.status, last.values('connection').join()]).toEqual([200, 'close'])
    await pools.stop()
  }, 30_000)
})

/** Waits until nobody can connect any more. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const client = await connectTo(port).catch(() => undefined)
    if (client === undefined) return
    client.leave()
    await new Promise((done) => setTimeout(done, 5))
  }
}
