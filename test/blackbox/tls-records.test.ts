import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

// workerd's own socket speaks TLS, or the platform in front of it; and it has no files.
const WITH_LISTENERS = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(WITH_LISTENERS)('records of TLS on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target
  let plainPort = 0
  let tlsPort = 0
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-tls-records-'))
  const path = join(folder, 'log')

  beforeAll(async () => {
    target = await startTarget('t')
    ;[plainPort, tlsPort] = await freePorts()
    const listens = `127.0.0.1:${plainPort}, 127.0.0.1:${tlsPort} ssl http2`
    gateway = await startGateway(runtime, { settings: { proxy_listen: listens } })
    const post = (where: string, value: unknown) => ask(`${gateway.adminUrl}${where}`, json(value))
    await post('/services', { name: 't', url: `http://127.0.0.1:${target.port}` })
    await post('/services/t/routes', { paths: ['/'] })
    await post('/plugins', { name: 'file-log', config: { path } })
  }, 60_000)
  afterAll(async () => {
    await Promise.all([gateway?.stop(), target.close()])
    rmSync(folder, { recursive: true })
  })

  /** What is written of the request to that path, once it is. */
  async function requestOf(asked: string): Promise<{ tls?: object } | undefined> {
    const find = async () => {
      try {
        const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
        return lines.map((line) => JSON.parse(line).request).find(({ uri }) => uri === asked)
      } catch {
        return undefined
      }
    }
    return until(find, (found) => found !== undefined)
  }

  it.each([
    { version: 'TLSv1.3', cipher: /^TLS_/ },
    { version: 'TLSv1.2', cipher: /^ECDHE-/ },
  ] as const)('tell $version', async ({ version, cipher }) => {
    const socket = connect({
      port: tlsPort,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
    })
    const head = `GET /${version} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`
    await new Promise<void>((resolve, reject) => {
      socket
        .on('error', reject)
        .on('close', () => resolve())
        .resume()
      socket.end(head)
    })
    const { tls } = (await requestOf(`/${version}`)) ?? {}
    expect(tls).toEqual({ version, cipher: expect.stringMatching(cipher), client_verify: 'NONE' })
  })

  it('tell it of HTTP/2 too, and nothing of a plain connection', async () => {
    const session = connectHttp2(`https://127.0.0.1:${tlsPort}`, { rejectUnauthorized: false })
    const stream = session.request({ ':path': '/two' }).resume()
    await new Promise<void>((resolve, reject) => {
      session.on('error', reject)
      stream.on('error', reject).on('close', () => resolve())
    })
    session.close()
    expect(await requestOf('/two')).toMatchObject({ tls: { version: 'TLSv1.3' } })
    await ask(`http://127.0.0.1:${plainPort}/plain`)
    expect(Object.keys((await requestOf('/plain')) ?? {})).not.toContain('tls')
  })
})
