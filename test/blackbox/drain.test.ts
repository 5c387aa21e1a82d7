import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

// On workerd the platform listens.
describe.each(RUNTIMES.filter((name) => name !== 'workerd'))('SIGTERM on %s (G27)', (runtime) => {
  let gateway: RunningGateway
  let target: Target
  afterEach(() => Promise.all([gateway.kill(), target.close()]))

  async function setUp(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    target = await startTarget('t')
    gateway = await startGateway(runtime, { settings })
    const url = `http://127.0.0.1:${target.port}`
    await ask(`${gateway.adminUrl}/services`, json({ name: 's', url }))
    await ask(`${gateway.adminUrl}/services/s/routes`, json({ paths: ['/s'] }))
  }

  it('finishes a download, tells keep-alive clients, takes no new ones, ends with 0', async () => {
    await setUp()
    const download = startDownload(target)
    const answer = ask(`${gateway.proxyUrl}/s`)
    await download.begun
    target.manner = 'ok'
    const client = await keepAlive(gateway.proxyPort)
    expect(await client.get()).not.toContain('Connection: close')

    const ended = gateway.stop()
    await download.tick()
    // The signal may come a moment after an answer; the one behind it says that it is the last.
    const last = await until(client.get, (answer) => answer.includes('\r\nConnection: close\r\n'))
    expect(last).toMatch(/^HTTP\/1\.1 200 /)
    await client.closed
    await expect(ask(`${gateway.proxyUrl}/s`)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/)
    download.end()
    expect((await answer).body).toMatch(/^(part )+end$/)
    await within(ended, GUARANTEED)
    expect(gateway.exitCode()).toBe(0)
  }, 30_000)

  it('closes connections nobody uses, of every protocol, and ends with 0', async () => {
    const [port] = await freePorts()
    await setUp({ proxy_listen: `127.0.0.1:${port} ssl http2` })
    const encrypted = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    const { closed } = await useOnce(encrypted, 'HTTP/1.1 200 ')
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    const left = new Promise<void>((resolve) => session.on('close', () => resolve()))
    session.on('error', () => {})
    const stream = session.request({ ':path': '/s' }).resume()
    await new Promise((resolve) => stream.on('close', resolve))

    await within(gateway.stop(), GUARANTEED)
    await Promise.all([closed, left])
    expect(gateway.exitCode()).toBe(0)
  }, 30_000)

  it('cuts what takes longer than shutdown_timeout, and ends with 0', async () => {
    await setUp({ shutdown_timeout: '1' })
    const download = startDownload(target)
    const answer = ask(`${gateway.proxyUrl}/s`)
    const cut = expect(answer).rejects.toThrow()
    await download.begun
    await gateway.stop()
    await cut
    expect(gateway.exitCode()).toBe(0)
  }, 30_000)

  it('ends at once when it is told twice', async () => {
    await setUp({ shutdown_timeout: '3600' })
    const download = startDownload(target)
    const answer = ask(`${gateway.proxyUrl}/s`)
    const cut = expect(answer).rejects.toThrow()
    await download.begun
    const ended = gateway.stop()
    await refused(gateway.proxyPort)
    await gateway.stop()
    await Promise.all([ended, cut])
    expect(gateway.exitCode()).toBe(1)
  }, 30_000)
})

/** G27, in ms: nothing here takes so long that a slow machine could. */
const GUARANTEED = 10_000

/** The same, unless it takes longer. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** One request on a connection; its end. */
async function useOnce(socket: Socket, answer: string): Promise<{ closed: Promise<void> }> {
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  socket.on('error', () => {})
  socket.write('GET /s HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  expect(first.toString('latin1')).toContain(answer)
  socket.resume()
  return { closed }
}

/** Has the target begin an answer that ends when told. */
function startDownload(target: Target) {
  let begin: () => void = () => {}
  let end: () => void = () => {}
  let write: () => Promise<void> = async () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  target.manner = (_, response) => {
    write = () => new Promise((resolve) => void response.write('part ', () => resolve()))
    end = () => response.end('end')
    void write().then(begin)
  }
  return { begun, tick: () => write(), end: () => end() }
}

/** A connection that is used again. */
async function keepAlive(port: number) {
  const socket = await new Promise<Socket>((resolve) => {
    const made: Socket = connect(port, '127.0.0.1', () => resolve(made))
  })
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  socket.on('error', () => {})
  const get = (): Promise<string> =>
    new Promise((resolve) => {
      let got = ''
      const hear = (chunk: Buffer): void => {
        got += chunk.toString('latin1')
        if (!got.endsWith('}')) return
        socket.off('data', hear)
        resolve(got)
      }
      socket.on('data', hear)
      socket.write('GET /s HTTP/1.1\r\nHost: localhost\r\n\r\n')
    })
  return { get, closed }
}

/** Resolves once nobody takes connections at a port. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (!taken) return
  }
}
