import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createPlain } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SERVER_CERT, SERVER_KEY } from '../../adapters/node-http/certificates.fixture.ts'
import { type FakeProxy, openProxy } from '../../adapters/node-http/proxy.fixture.ts'
import { type RawServer, rawServer } from '../../adapters/node-http/raw-peers.fixture.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

/** On Workers they are refused: `plugins-refused.test.ts`. */
const WITH_PROXIES = RUNTIMES.filter((runtime) => runtime !== 'workerd')

/** Proxies that open no tunnel, by what they do once they were asked; undefined for nothing. */
const UNWILLING: Readonly<Record<string, { says?: string; code: string }>> = {
  '/unknown': { says: 'HTTP/1.1 407 No\r\n\r\n', code: 'by its proxy: PROXY_ANSWERED_407' },
  '/giant': { says: `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(20_000)}`, code: 'PROXY_HEAD_TOO_LARGE' },
  '/closing': { says: '', code: 'PROXY_CLOSED' },
  '/hanging': { code: 'timeout at up.test by its proxy (connect)' },
}

const MADE = { choices: [{ message: { role: 'assistant', content: 'made' } }] }

describe.each(WITH_PROXIES)('calls by a proxy on %s', (runtime) => {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-proxy-'))
  const asked: { url: string; headers: string }[] = []
  const open: { close(): unknown }[] = []
  let gateway: RunningGateway
  let target: Target
  let secure: FakeProxy
  let plain: FakeProxy

  beforeAll(async () => {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      asked.push({ url: request.url ?? '', headers: request.rawHeaders.join(' ').toLowerCase() })
      request.resume().on('end', () => response.end(JSON.stringify(MADE)))
    }
    target = await startTarget('t')
    const certificate = { cert: SERVER_CERT, key: SERVER_KEY }
    secure = await openProxy(await listen(createSecure(certificate, serve)))
    plain = await openProxy(await listen(createPlain(serve)))
    const unwilling: [path: string, server: RawServer][] = []
    for (const [path, { says }] of Object.entries(UNWILLING)) {
      unwilling.push([path, await startUnwilling(says)])
    }
    open.push(target, secure, plain, ...unwilling.map(([, server]) => server))
    const routes = [
      route('/lambda', lambda({ proxy_url: `http://me:pw@127.0.0.1:${secure.port}` })),
      route('/in-the-open', lambda({ ...OPEN, proxy_url: `http://127.0.0.1:${plain.port}` })),
      route('/model', model(secure.port)),
      route('/unproven', model(secure.port, { https_verify: true })),
      ...unwilling.map(([path, { port }]) => route(path, model(port, { http_timeout: 500 }))),
    ]
    const config = join(folder, 'kong.yaml')
    const service = { name: 'up', url: `http://127.0.0.1:${target.port}`, routes }
    writeFileSync(config, JSON.stringify({ _format_version: '3.0', services: [service] }))
    gateway = await startGateway(runtime, { config })
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    for (const one of open) await one.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function listen(server: Server): Promise<number> {
    open.push(server)
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
  }

  async function post(path: string) {
    asked.length = 0
    target.seen.length = 0
    return ask(`${gateway.proxyUrl}${path}`, { method: 'POST', body: 'given' })
  }

  it('aws-lambda: a tunnel, to a name that the proxy alone knows', async () => {
    expect((await post('/lambda')).body).toBe(JSON.stringify(MADE))
    expect((await post('/lambda')).status).toBe(200)
    const heads = secure.heads.filter((head) => head.includes('Proxy-Authorization'))
    expect(heads).toEqual([
      'CONNECT up.test:443 HTTP/1.1\r\nHost: up.test:443\r\nProxy-Authorization: Basic bWU6cHc=',
    ])
    expect(asked[0]?.url).toBe('/2015-03-31/functions/greet/invocations')
    expect(asked[0]?.headers).toContain('authorization aws4-hmac-sha256')
    expect(asked[0]?.headers).not.toContain('proxy-authorization')
  })

  it('aws-lambda: the whole URL where there is no TLS', async () => {
    expect((await post('/in-the-open')).status).toBe(200)
    const url = 'http://up.test:8080/2015-03-31/functions/greet/invocations'
    expect(plain.heads[0]?.split('\r\n')[0]).toBe(`POST ${url} HTTP/1.1`)
    expect(asked[0]?.url).toBe(url)
  })

  it('ai-request-transformer: a tunnel', async () => {
    expect((await post('/model')).status).toBe(200)
    expect(asked.map(({ url }) => url)).toEqual(['/v1/model'])
    expect(target.seen.map(({ body }) => body)).toEqual(['made'])
  })

  it('whoever is behind the tunnel has to prove it', async () => {
    const { status, body } = await post('/unproven')
    expect([status, body]).toEqual([400, expect.stringContaining('up.test by its proxy: UNABLE')])
    expect([asked, target.seen]).toEqual([[], []])
  })

  it.each(Object.entries(UNWILLING))('%s: a proxy that opens none', async (path, { code }) => {
    const { status, body } = await post(path)
    expect([status, body]).toEqual([400, expect.stringContaining(code)])
    expect([asked, target.seen]).toEqual([[], []])
  })
})

const OPEN = { disable_https: true, port: 8080 }

function route(path: string, plugin: object) {
  return { name: path.slice(1), paths: [path], plugins: [plugin] }
}

function lambda(config: object) {
  const keys = { aws_region: 'us-east-1', aws_key: 'AKIDEXAMPLE', aws_secret: 's' }
  return {
    name: 'aws-lambda',
    config: { ...keys, function_name: 'greet', host: 'up.test', ...config },
  }
}

function model(https_proxy_port: number, config: object = {}) {
  const llm = {
    route_type: 'llm/v1/chat',
    auth: { header_name: 'Authorization', header_value: 'Bearer sesame' },
    model: { provider: 'openai', name: 'm', options: { upstream_url: 'https://up.test/v1/model' } },
  }
  const proxy = { https_proxy_host: '127.0.0.1', https_proxy_port }
  const whole = { prompt: 'Make XML', https_verify: false, llm, ...proxy, ...config }
  return { name: 'ai-request-transformer', config: whole }
}

function startUnwilling(says: string | undefined): Promise<RawServer> {
  return rawServer(async (peer) => {
    await peer.until('\r\n\r\n')
    if (says === '') peer.socket.end()
    else if (says !== undefined) peer.send(says)
  })
}
