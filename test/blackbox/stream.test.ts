import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SERVER_CERT, SERVER_KEY } from '../../adapters/node-http/certificates.fixture.ts'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

// A Worker has no listener for streams.
const WITH_LISTENERS = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(WITH_LISTENERS)('streams on %s', (runtime) => {
  let gateway: RunningGateway
  let tcp = 0
  let tls = 0
  let udp = 0
  let proxied = 0
  const closing: (() => void)[] = []

  beforeAll(async () => {
    ;[tcp, tls] = await freePorts()
    ;[udp, proxied] = await freePorts()
    const at = '127.0.0.1'
    gateway = await startGateway(runtime, {
      settings: {
        stream_listen: `${at}:${tcp}, ${at}:${tls} ssl, ${at}:${udp} udp, ${at}:${proxied} proxy_protocol`,
        trusted_ips: '127.0.0.1',
        shutdown_timeout: '5',
      },
    })
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    for (const close of closing) close()
  })

  async function put(path: string, value: object): Promise<void> {
    const made = await ask(`${gateway.adminUrl}${path}`, json(value, 'PUT'))
    expect([made.status, made.body]).toEqual([200, made.body])
  }
  /** A service over targets of an upstream of its own, and its route. */
  async function serve(name: string, ports: readonly number[], rest: Rest): Promise<void> {
    await put(`/upstreams/${name}.up`, {})
    for (const port of ports) {
      const body = json({ target: `127.0.0.1:${port}` })
      expect((await ask(`${gateway.adminUrl}/upstreams/${name}.up/targets`, body)).status).toBe(201)
    }
    const protocol = 'tcp'
    await put(`/services/${name}`, { protocol, host: `${name}.up`, port: 1, ...rest.service })
    await put(`/services/${name}/routes/${name}`, rest.route)
  }
  async function listen(server: Server): Promise<number> {
    closing.push(() => server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // Proof: it listens on an address.
    return (server.address() as AddressInfo).port
  }
  const toPort = (port: number) => ({ destinations: [{ port }] })

  it('closes a connection no route wants', async () => {
    expect(await say(connect(tcp, '127.0.0.1'), 'hello')).toBe('')
    expect(await say(connect(tls, '127.0.0.1'), 'GET / HTTP/1.1\r\n\r\n')).toBe('')
  })

  it('balances over two targets, one of which is down, and passes half-closes on', async () => {
    const [a, b] = [await listen(echo('a')), await listen(echo('b'))]
    const [down] = await freePorts()
    await serve('two', [a, b, down], { route: { protocols: ['tcp'], ...toPort(tcp) } })
    const said = await Promise.all(
      Array.from({ length: 12 }, () => say(connect(tcp, '127.0.0.1'), 'hello')),
    )
    expect(new Set(said)).toEqual(new Set(['a:hello.', 'b:hello.']))
    const stats = await until(
      async () =>
        JSON.parse((await ask(`${gateway.adminUrl}/upstreams/two.up/health?stats=1`)).body),
      ({ data }) => inFlightOf(data) === 0,
    )
    expect(inFlightOf(stats.data)).toBe(0)

    // What is more than all buffers together comes back whole.
    const much = 'x'.repeat(8 * 1024 * 1024)
    const back = await say(connect(tcp, '127.0.0.1'), much)
    expect(back.length).toBe(much.length + 3)
  }, 20_000)

  it('lets the server speak first, and ends what is silent for its read_timeout', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).write('welcome'))
    const port = await listen(server)
    const service = { read_timeout: 300 }
    await serve('two', [], { service, route: { protocols: ['tcp'], ...toPort(1) } })
    await serve('quiet', [port], { service, route: { protocols: ['tcp'], ...toPort(tcp) } })
    const before = Date.now()
    expect(await say(connect(tcp, '127.0.0.1'), undefined)).toBe('welcome')
    expect(Date.now() - before).toBeGreaterThanOrEqual(290)
    await put('/services/quiet/routes/quiet', { protocols: ['tcp'], ...toPort(1) })
  })

  it('believes the PROXY header of a trusted peer', async () => {
    const port = await listen(echo('p'))
    const sources = [{ ip: '192.0.2.0/24' }]
    const route = { protocols: ['tcp'], sources, ...toPort(proxied) }
    await serve('proxied', [port], { route })
    const header = (ip: string) => `PROXY TCP4 ${ip} 10.0.0.1 4000 80\r\n`
    expect(await say(connect(proxied, '127.0.0.1'), `${header('192.0.2.7')}hi`)).toBe('p:hi.')
    expect(await say(connect(proxied, '127.0.0.1'), `${header('192.1.2.7')}hi`)).toBe('')
    expect(await say(connect(proxied, '127.0.0.1'), 'hi there')).toBe('')
  })

  it('ends TLS by server name, and speaks it to a service of tls', async () => {
    const plain = await listen(echo('plain'))
    const options = { cert: SERVER_CERT, key: SERVER_KEY, allowHalfOpen: true }
    const secure = await listen(createTlsServer(options, echoing('secure')))
    const pair = await makeSelfSigned('ended here', Date.now())
    const made = json({ ...pair, snis: ['a.test', 'b.test'] })
    expect((await ask(`${gateway.adminUrl}/certificates`, made)).status).toBe(201)

    await serve('a', [plain], { route: { protocols: ['tls'], snis: ['a.test'] } })
    const route = { protocols: ['tls'], snis: ['b.test'] }
    await serve('b', [secure], { service: { protocol: 'tls' }, route })
    expect(await sayTls(tls, 'a.test', 'hello')).toEqual(['ended here', 'plain:hello.'])
    expect(await sayTls(tls, 'b.test', 'hello')).toEqual(['ended here', 'secure:hello.'])
    await expect(sayTls(tls, 'c.test', 'hello')).rejects.toThrow()
  })

  it('asks a service of tls for the name of host_header, or for the one its route keeps', async () => {
    const options = { cert: SERVER_CERT, key: SERVER_KEY, allowHalfOpen: true }
    const server = createTlsServer(options, (socket) => {
      echoing('servername' in socket ? String(socket.servername) : '')(socket)
    })
    const port = await listen(server)
    const pair = await makeSelfSigned('names', Date.now())
    const made = json({ ...pair, snis: ['kept.test'] })
    expect((await ask(`${gateway.adminUrl}/certificates`, made)).status).toBe(201)
    const route = { protocols: ['tls'], snis: ['kept.test'] }
    const service = { protocol: 'tls' }
    const name = async () => (await sayTls(tls, 'kept.test', 'hello'))[1]

    await serve('names', [port], { service, route })
    expect(await name()).toBe('false:hello.')
    await put('/upstreams/names.up', { host_header: 'up.test' })
    expect(await name()).toBe('up.test:hello.')
    await put('/services/names/routes/names', { ...route, preserve_host: true })
    expect(await name()).toBe('kept.test:hello.')
  })

  it('passes TLS through by server name', async () => {
    const options = { cert: SERVER_CERT, key: SERVER_KEY, allowHalfOpen: true }
    const port = await listen(createTlsServer(options, echoing('through')))
    const route = { protocols: ['tls_passthrough'], snis: ['through.test'] }
    await serve('through', [port], { route })
    expect(await sayTls(tls, 'through.test', 'hello')).toEqual(['up.test', 'through:hello.'])
  })

  it('passes datagrams both ways, each sender to one target', async () => {
    const ports: number[] = []
    for (const name of ['a', 'b']) {
      const server = createSocket('udp4')
      closing.push(() => server.close())
      server.on('message', (bytes, from) => {
        server.send(`${name}:${bytes}`, from.port, from.address)
      })
      await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
      ports.push(server.address().port)
    }
    const service = { protocol: 'udp' }
    await serve('datagrams', ports, { service, route: { protocols: ['udp'], ...toPort(udp) } })
    const senders = [0, 1, 2, 3].map(() => datagrams(udp))
    closing.push(...senders.map(({ close }) => close))
    const names = new Set<string>()
    for (const { send } of senders) {
      const first = await send('one')
      expect(first).toMatch(/^[ab]:one$/)
      const name = first.slice(0, 2)
      expect(await send('two')).toBe(`${name}two`)
      names.add(name)
    }
    expect(names.size).toBe(2)
  })

  it('takes plain TCP for a route of tls that asks for no name', async () => {
    const port = await listen(echo('open'))
    await serve('open', [port], { route: { protocols: ['tls'], ...toPort(tcp) } })
    expect(await say(connect(tcp, '127.0.0.1'), 'hello')).toBe('open:hello.')
    await put('/services/open/routes/open', { protocols: ['tls'], snis: ['open.test'] })
    expect(await say(connect(tcp, '127.0.0.1'), 'hello')).toBe('')
  })

  it('tells whom ip-restriction keeps out, in plain text and under TLS', async () => {
    const port = await listen(echo('guarded'))
    const pair = await makeSelfSigned('guarded', Date.now())
    const made = json({ ...pair, snis: ['guarded.test'] })
    expect((await ask(`${gateway.adminUrl}/certificates`, made)).status).toBe(201)
    await serve('guarded', [port], { route: { protocols: ['tcp'], ...toPort(tcp) } })
    const tlsRoute = { protocols: ['tls'], snis: ['guarded.test'] }
    await put('/services/guarded/routes/guarded-tls', tlsRoute)
    const plugin = { name: 'ip-restriction', config: { deny: ['127.0.0.1'] } }
    const id = 'a7b1c3ae-25a1-4d4c-9a5e-6d2f6b2f0001'
    await put(`/services/guarded/plugins/${id}`, plugin)
    const said = '{"status":403,"message":"IP address not allowed: 127.0.0.1"}'
    expect(await say(connect(tcp, '127.0.0.1'), 'hello')).toBe(said)
    expect(await sayTls(tls, 'guarded.test', undefined)).toEqual(['guarded', said])

    await put(`/services/guarded/plugins/${id}`, { ...plugin, config: { deny: ['127.0.0.9'] } })
    expect(await say(connect(tcp, '127.0.0.1'), 'hello')).toBe('guarded:hello.')
    expect(await sayTls(tls, 'guarded.test', 'hello')).toEqual(['guarded', 'guarded:hello.'])
    await put('/services/guarded/routes/guarded', { protocols: ['tcp'], ...toPort(1) })
  })

  it('has file-log write of each session when it has ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gibbon-sessions-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'sessions.log')
    const port = await listen(echo('logged'))
    const pair = await makeSelfSigned('logged', Date.now())
    const made = json({ ...pair, snis: ['logged.test'] })
    expect((await ask(`${gateway.adminUrl}/certificates`, made)).status).toBe(201)
    await serve('logged', [port], { route: { protocols: ['tcp'], ...toPort(tcp) } })
    await put('/services/logged/routes/logged-tls', { protocols: ['tls'], snis: ['logged.test'] })
    const id = 'a7b1c3ae-25a1-4d4c-9a5e-6d2f6b2f0002'
    const plugin = { name: 'file-log', protocols: ['tcp', 'tls'], config: { path } }
    await put(`/services/logged/plugins/${id}`, plugin)

    expect(await say(connect(tcp, '127.0.0.1'), 'hello')).toBe('logged:hello.')
    expect((await sayTls(tls, 'logged.test', 'hello'))[1]).toBe('logged:hello.')
    const lines = await until(
      async () => linesOf(path),
      ({ length }) => length === 2,
    )
    const passed = { received: 5, sent: 13, status: 200 }
    expect(lines).toMatchObject([
      {
        session: { ...passed, server_port: tcp },
        upstream: { received: 13, sent: 5 },
        tries: [{ ip: '127.0.0.1', port }],
        route: { name: 'logged' },
        service: { name: 'logged' },
        client_ip: '127.0.0.1',
      },
      {
        session: {
          ...passed,
          server_port: tls,
          tls: {
            version: 'TLSv1.3',
            cipher: expect.stringMatching(/^TLS_/),
            client_verify: 'NONE',
          },
        },
        route: { name: 'logged-tls' },
      },
    ])
    await put('/services/logged/routes/logged', { protocols: ['tcp'], ...toPort(1) })
  })

  it('lets connections end when it is told to stop', async () => {
    const port = await listen(echo('last'))
    await serve('two', [port], { route: { protocols: ['tcp'], ...toPort(tcp) } })
    const socket = connect(tcp, '127.0.0.1')
    const said = collect(socket)
    socket.write('before ')
    await until(
      async () => said.text(),
      (text) => text.includes('before'),
    )
    const stopped = gateway.stop()
    await until(
      () => refused(tcp),
      (is) => is,
    )
    expect(await refused(tcp)).toBe(true)
    socket.end('after')
    expect(await said.whole).toMatch(/^(a|b|last):before after\.$/)
    await stopped
    expect(gateway.exitCode()).toBe(0)
  }, 20_000)
})

interface Rest {
  readonly service?: object
  readonly route: object
}

interface HealthRow {
  readonly stats: readonly { readonly in_flight: number }[]
}

function inFlightOf(rows: readonly HealthRow[]): number {
  return rows.flatMap(({ stats }) => stats).reduce((sum, { in_flight }) => sum + in_flight, 0)
}

/** A server that says its name, then all it hears, then a dot when it has heard the end. */
function echo(name: string): Server {
  return createServer({ allowHalfOpen: true }, echoing(name))
}

function echoing(name: string): (socket: Socket) => void {
  return (socket) => {
    socket.on('error', () => {})
    let first = true
    socket.on('data', (bytes) => {
      const free = socket.write(first ? Buffer.concat([Buffer.from(`${name}:`), bytes]) : bytes)
      first = false
      if (free) return
      socket.pause()
      socket.once('drain', () => socket.resume())
    })
    socket.on('end', () => socket.end('.'))
  }
}

interface Collected {
  readonly whole: Promise<string>
  text(): string
}

function collect(socket: Socket): Collected {
  const chunks: Buffer[] = []
  const text = () => Buffer.concat(chunks).toString()
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  return { text, whole: new Promise((resolve) => socket.on('close', () => resolve(text()))) }
}

/** Says so much and ends, or says nothing; gives all that came until the connection was closed. */
function say(socket: Socket, text: string | undefined): Promise<string> {
  const { whole } = collect(socket)
  if (text !== undefined) socket.end(text)
  return whole
}

function linesOf(path: string): unknown[] {
  const lines = readFileSync(path, { encoding: 'utf8', flag: 'a+' }).trim().split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** The name in the certificate that is shown, and the answer; undefined says nothing. */
function sayTls(
  port: number,
  servername: string,
  text: string | undefined,
): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false })
    const name = new Promise<string>((secure) => {
      socket.on('secureConnect', () => secure(String(socket.getPeerCertificate().subject.CN)))
    })
    const { whole, text: said } = collect(socket)
    let asked = false
    socket.on('secureConnect', () => text !== undefined && socket.write(text))
    socket.on('data', () => {
      if (!asked && text !== undefined && said().endsWith(text)) {
        asked = true
        socket.end()
      }
    })
    socket.on('error', reject)
    void whole.then(async (answer) => {
      if (socket.authorizationError === undefined && answer === '') reject(new Error('closed'))
      else resolve([await name, answer])
    })
  })
}

function datagrams(port: number): { send(text: string): Promise<string>; close(): void } {
  const socket = createSocket('udp4')
  return {
    close: () => socket.close(),
    send: (text) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('no datagram came')), 5000)
        socket.once('message', (bytes) => {
          clearTimeout(late)
          resolve(bytes.toString())
        })
        socket.send(text, port, '127.0.0.1')
      }),
  }
}

/** Whether nobody listens there any more. */
function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(true))
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })
}
