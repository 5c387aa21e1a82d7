import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CACHING_ROWS } from '../plugins/rows-caching.ts'
import { CONSUMER, OTHER_CONSUMER } from '../plugins/rows-consumer.ts'
import type { Asked } from '../plugins/rows-row.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { until } from './client.ts'
import { askRow, type GotRow } from './plugins-ask.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

const COLD = 200

function configFor(port: number): string {
  const cache = (config: object = {}) => ({
    name: 'proxy-cache',
    config: { strategy: 'memory', content_type: ['text/plain'], ...config },
  })
  const route = (path: string, ...plugins: object[]) => ({
    ...{ name: path.slice(1), paths: [path], strip_path: false },
    plugins,
  })
  const routes = [
    route('/rfc', cache({ cache_control: true })),
    route('/cold', cache()),
    route('/left', cache()),
    route('/own', { name: 'key-auth' }, cache()),
    route('/heeding', { name: 'key-auth' }, cache({ cache_control: true })),
  ]
  const consumers = [CONSUMER, OTHER_CONSUMER]
  const service = { name: 'numbers', url: `http://127.0.0.1:${port}`, routes }
  return JSON.stringify({ _format_version: '3.0', services: [service], consumers })
}

/** Answers each request with another number, and with what its row says. */
function answering(target: Target) {
  let number = 0
  return (request: IncomingMessage, response: ServerResponse): void => {
    request.resume()
    target.seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: [],
      body: '',
    })
    const index = /^\/rfc\/(\d+)/.exec(request.url ?? '')?.[1]
    const row = index === undefined ? undefined : CACHING_ROWS[Number(index)]
    const text = `${number++}`
    const headers: Record<string, string | string[]> = {
      ...{ 'content-type': 'text/plain', 'x-number': text, 'cache-control': 'public, max-age=60' },
      ...(row === undefined ? {} : { 'cache-control': [] }),
      ...row?.answer,
    }
    if (headers['cache-control']?.length === 0) delete headers['cache-control']
    const failure = Number(request.headers['x-fail'] ?? 0)
    const length = row?.sent === 'cut' ? text.length + 9 : Buffer.byteLength(text)
    const framing = row?.sent === 'chunked' ? {} : { 'content-length': length }
    response.writeHead(failure || (row?.answered ?? 200), { ...headers, ...framing })
    if (row?.sent === 'cut') response.write(text, () => request.socket.destroy())
    else response.end(text)
  }
}

describe.each(RUNTIMES)('proxy-cache on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target

  beforeAll(async () => {
    target = await startTarget('numbers')
    target.manner = answering(target)
    const configText = configFor(target.port)
    gateway = await startGateway(runtime, { configText })
  }, 60_000)
  afterAll(() => Promise.all([gateway?.stop(), target.close()]))

  const ask = (path: string, asked: Asked = {}) => askRow(gateway.proxyPort, path, asked)
  const keyed = (apikey: string): Asked => ({ headers: { apikey } })

  it.each(CACHING_ROWS)('$what', async (row) => {
    const path = `/rfc/${CACHING_ROWS.indexOf(row)}`
    const isCut = row.sent === 'cut'
    const lost: GotRow = { status: 0, headers: {}, body: '' }
    const first = await ask(path, row.first).catch(() => lost)
    if (row.between !== undefined) await ask(path, row.between)
    const second = await ask(path, row.second).catch(() => lost)
    if (isCut) {
      expect(target.seen.filter(({ url }) => url === path)).toHaveLength(2)
      return
    }
    expect(second.status).toBe(row.status ?? 200)
    const numbers = [first, second].map(({ headers }) => headers['x-number'])
    if (row.reused) expect(numbers[1]).toBe(numbers[0])
    else expect(numbers[1]).not.toBe(numbers[0])
    expect(second.headers['set-cookie']).toBe(row.answer?.['set-cookie'])
    if (second.status === 304) expect(second.body).toBe('')
    for (const [name, value] of Object.entries(row.headers ?? {})) {
      if (value === null) expect(second.headers[name]).toBeUndefined()
      else expect(second.headers[name]).toMatch(value)
    }
  })

  it(`asks the upstream once for ${COLD} who come at once`, async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const answer = answering(target)
    target.seen.length = 0
    target.manner = (request, response) => void held.then(() => answer(request, response))
    let sent = 0
    const counting = (): void => {
      if (++sent === COLD) release()
    }
    const agent = new Agent({ maxSockets: COLD })
    const got = await Promise.all(
      Array.from({ length: COLD }, () =>
        askRow(gateway.proxyPort, '/cold', {}, { agent, sent: counting }),
      ),
    )
    agent.destroy()
    expect(target.seen).toHaveLength(1)
    expect(new Set(got.map(({ status, body }) => `${status} ${body}`))).toHaveProperty('size', 1)
    expect(got.filter(({ headers }) => headers['x-cache-status'] === 'Miss')).toHaveLength(1)
    target.manner = answer
  })

  it('leaves nobody waiting when whoever asked first has gone', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const answer = answering(target)
    target.seen.length = 0
    let arrived = 0
    target.manner = (request, response) => {
      arrived++
      void held.then(() => answer(request, response))
    }
    const leader = connect(gateway.proxyPort, '127.0.0.1')
    leader.on('error', () => {})
    leader.write('GET /left HTTP/1.1\r\nHost: a.test\r\n\r\n')
    await until(
      async () => arrived,
      (count) => count > 0,
    )
    let sent = 0
    const others = Promise.all(
      Array.from({ length: 10 }, () =>
        askRow(gateway.proxyPort, '/left', {}, { sent: () => void sent++ }),
      ),
    )
    await until(
      async () => sent,
      (count) => count === 10,
    )
    leader.destroy()
    release()
    const got = await others
    target.manner = answer
    expect(got.map(({ status }) => status)).toEqual(got.map(() => 200))
  })

  it.each(['/own', '/heeding'])('G37: no consumer gets what another was told: %s', async (path) => {
    const [ann, bob] = [await ask(path, keyed('ann-key')), await ask(path, keyed('bob-key'))]
    expect(bob.body).not.toBe(ann.body)
    const again = await Promise.all([ask(path, keyed('ann-key')), ask(path, keyed('bob-key'))])
    expect(again.map(({ body }) => body)).toEqual([ann.body, bob.body])
    expect(again.map(({ headers }) => headers['x-cache-status'])).toEqual(['Hit', 'Hit'])
    expect(await ask(path)).toMatchObject({ status: 401 })
  })
})
