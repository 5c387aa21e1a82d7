import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EndOfBytes } from '../wire/byte-reader.ts'
import { type Pool, type Pools, startPools } from '../wire/pools.ts'
import { type RawAnswer, requestText } from '../wire/raw-client.ts'
import { answering, plain, type Script } from '../wire/scripted-target.ts'
import { RUNTIMES } from './runtimes.ts'

// A Worker's fetch tells too little for these (docs/runtimes.md).
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

const fine: Script = answering(plain('fine'))
/** Takes a request whole, and is gone. */
const lose: Script = async (seen) => {
  await seen.body()
  seen.socket.resetAndDestroy()
}
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

describe.each(runtimes)('what is guaranteed on %s', (runtime) => {
  let pools: Pools

  beforeAll(async () => {
    pools = await startPools(runtime)
  })
  afterAll(() => pools?.stop())

  async function send({ host }: Pool, line: string, headers = '', body = ''): Promise<RawAnswer> {
    const client = await pools.connect()
    client.write(requestText(line, host, headers, body))
    const answer = await client.answer()
    client.leave()
    return answer
  }
  const deliveries = (pool: Pool): string[] => pool.targets.flatMap(({ paths }) => paths)
  const repeated = (paths: readonly string[]) => paths.filter((p, at) => paths.indexOf(p) !== at)

  it.each(['POST', 'PATCH'])(
    'G4: a %s is never delivered twice, and one lost is 502',
    async (m) => {
      const pool = await pools.open({ scripts: [lose, fine] })
      const statuses: number[] = []
      for (let n = 0; n < 20; n++) {
        const { status } = await send(pool, `${m} /${n}`, 'Content-Length: 5\r\n', 'hello')
        statuses.push(status)
      }
      const lost = pool.targets[0]?.paths.length ?? 0
      expect(repeated(deliveries(pool))).toEqual([])
      expect(lost).toBeGreaterThan(0)
      expect(statuses.filter((status) => status === 502).length).toBe(lost)
      expect(statuses.filter((status) => status === 200).length).toBe(20 - lost)
    },
  )

  it('G4: a POST refused at connect goes to the other target', async () => {
    const pool = await pools.open({ scripts: [fine, fine] })
    await pool.targets[0]?.close()
    for (let n = 0; n < 10; n++) {
      const { status } = await send(pool, `POST /${n}`, 'Content-Length: 5\r\n', 'hello')
      expect(status).toBe(200)
    }
    expect(deliveries(pool).length).toBe(10)
  })

  it.each([
    { retries: 0, tries: 1 },
    { retries: 2, tries: 3 },
    { retries: 3, tries: 4 },
    { retries: 20, tries: 4 },
  ])('G5: $retries retries over 4 targets are $tries tries, each at another', async (row) => {
    const pool = await pools.open({
      scripts: [lose, lose, lose, lose],
      service: { retries: row.retries },
    })
    expect((await send(pool, 'GET /x')).status).toBe(502)
    const counts = pool.targets.map(({ paths }) => paths.length)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(row.tries)
    expect(Math.max(...counts)).toBe(1)
  })

  it('G9: clients that misbehave make no target unhealthy', async () => {
    const unhealthy = { tcp_failures: 1, timeouts: 1, http_failures: 1 }
    const pool = await pools.open({
      scripts: [fine, fine],
      healthchecks: { passive: { unhealthy } },
      service: { retries: 0 },
    })
    const broken = [
      requestText('POST /', pool.host, 'Content-Length: 1000000\r\n', 'x'.repeat(100_000)),
      `${requestText('POST /', pool.host, CHUNKED)}5\r\nhello\r\n`,
      `${requestText('POST /', pool.host, CHUNKED)}5\r\nhello\r\nzz\r\n`,
      requestText('POST /', pool.host, 'Content-Length: 5, 6\r\n', 'hello'),
      requestText('GET /', pool.host),
    ]
    const misbehave = async (n: number): Promise<void> => {
      const client = await pools.connect()
      client.write(broken[n % broken.length] ?? '')
      // Half of them stay until what they sent was surely read: a later request is answered.
      if (n % 2 === 0) expect((await send(pool, 'GET /between')).status).toBe(200)
      if (n % 3 === 0) client.socket.resetAndDestroy()
      else client.socket.destroy()
    }
    for (let n = 0; n < 100; n++) await misbehave(n)
    for (let n = 0; n < 10; n++) expect((await send(pool, 'GET /after')).status).toBe(200)
    expect(await pool.health()).toEqual(['HEALTHY', 'HEALTHY'])
  })

  it('G16: nobody forges or drops what the gateway says of a client', async () => {
    const pool = await pools.open({ scripts: [fine] })
    const names = ['For', 'Proto', 'Host', 'Port', 'Path'].map((name) => `X-Forwarded-${name}`)
    const forged = names.map((name) => `${name}: evil\r\n`).join('')
    const named = [...names, 'X-Real-IP', 'Via', 'X-Kong-Request-Id'].join(', ')
    const headers = `${forged}X-Real-IP: 6.6.6.6\r\nConnection: close, ${named}\r\n`
    expect((await send(pool, 'GET /a', headers)).status).toBe(200)

    const seen = await pool.targets[0]?.next()
    const said = names.map((name) => seen?.values(name).join('|'))
    const port = `${pools.gateway.proxyPort}`
    expect(said).toEqual(['evil, 127.0.0.1', 'http', pool.host, port, '/a'])
    expect(seen?.values('x-real-ip')).toEqual(['127.0.0.1'])
    expect(seen?.values('via').length).toBe(1)
    expect(seen?.values('x-kong-request-id').join()).toMatch(/^[0-9a-f]{32}$/)
  })

  it('G17: no upgrade but a WebSocket, and no 101 that was not asked for', async () => {
    const unasked = answering(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    const pool = await pools.open({ scripts: [unasked], service: { retries: 0 } })
    expect((await send(pool, 'GET /')).status).toBe(502)

    const polite = await pools.open({ scripts: [fine] })
    const h2c = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'
    expect((await send(polite, 'GET /', h2c)).status).toBe(200)
    const seen = await polite.targets[0]?.next()
    expect([seen?.values('upgrade'), seen?.values('http2-settings')]).toEqual([[], []])
  })

  it.each([
    ['a length', 'Content-Length: 100\r\n\r\nhalf', 'end'],
    ['a length, by a reset', 'Content-Length: 100\r\n\r\nhalf', 'reset'],
    ['chunks', `${CHUNKED}\r\n4\r\nhalf\r\n`, 'end'],
    ['chunks, by a reset', `${CHUNKED}\r\n4\r\nhalf\r\n`, 'reset'],
    ['a chunk', `${CHUNKED}\r\nff\r\nhalf`, 'end'],
  ])('G18: an answer cut in %s is not whole', async (_name, rest, how) => {
    const cut: Script = async (seen) => {
      await new Promise<void>((sent) =>
        seen.socket.write(`HTTP/1.1 200 OK\r\n${rest}`, () => sent()),
      )
      if (how === 'end') seen.socket.end()
      else seen.socket.resetAndDestroy()
    }
    const pool = await pools.open({ scripts: [cut], service: { retries: 0 } })
    const outcome = await send(pool, 'GET /').then(
      ({ status }) => status,
      (error: unknown) => (error instanceof EndOfBytes ? 'cut' : error),
    )
    expect(['cut', 502]).toContain(outcome)
  })

  it.each([
    ['a length', 'Content-Length: 1000000\r\n', 'x'.repeat(100_000)],
    ['chunks', CHUNKED, '4\r\nhalf\r\n'],
  ])('G18: an upload cut in %s is not whole', async (_name, headers, body) => {
    const pool = await pools.open({ scripts: [fine] })
    const client = await pools.connect()
    client.write(requestText('POST /', pool.host, headers, body))
    const seen = await pool.targets[0]?.next()
    client.socket.resetAndDestroy()
    await expect(seen?.body()).rejects.toThrow(EndOfBytes)
  })
})
