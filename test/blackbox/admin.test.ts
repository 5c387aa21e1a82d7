import os from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, form, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

const TREE = `${'['.repeat(50_000)}${']'.repeat(50_000)}`

describe.each(RUNTIMES)('the Admin API on %s', (runtime) => {
  let gateway: RunningGateway

  beforeAll(async () => {
    gateway = await startGateway(runtime, {})
  }, 60_000)
  afterAll(() => gateway?.stop())
  const admin = (path: string, options = {}) => ask(`${gateway.adminUrl}${path}`, options)

  it('says who it is, as decK and Manager read it', async () => {
    const got = JSON.parse((await admin('/')).body)
    expect(got).toMatchObject({ version: '3.9.3', edition: 'community' })
    expect(got.hostname).toBe(runtime === 'workerd' ? 'localhost' : os.hostname())
    expect(got.configuration.router_flavor).toBe('traditional_compatible')
  })

  it.each([
    [
      'JSON that ends early',
      { method: 'POST', body: '{"name":', headers: { 'Content-Type': 'application/json' } },
      400,
    ],
    ['a scalar', json('x'), 400],
    [
      'a deep tree',
      { method: 'POST', body: TREE, headers: { 'Content-Type': 'application/json' } },
      400,
    ],
    [
      '__proto__',
      {
        method: 'POST',
        body: '{"__proto__":{"name":"p"},"host":"h"}',
        headers: { 'Content-Type': 'application/json' },
      },
      400,
    ],
    ['constructor in a form', form('constructor.prototype.x=1&host=h'), 400],
    ['a wrong type', json({ host: 1 }), 400],
    ['an unknown field', json({ host: 'h', nope: 1 }), 400],
    [
      'bad UTF-8',
      {
        method: 'POST',
        body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
        headers: { 'Content-Type': 'application/json' },
      },
      400,
    ],
    ['another type', { method: 'POST', body: 'a', headers: { 'Content-Type': 'text/plain' } }, 415],
  ] as const)('refuses %s and changes nothing', async (_name, options, status) => {
    const before = await admin('/services')
    const got = await admin('/services', options)
    expect([got.status, got.body]).toEqual([status, got.body])
    expect((await admin('/services')).body).toBe(before.body)
  })

  it('refuses more than 10 MiB', async () => {
    const body = `{"host":"${'h'.repeat(10 * 1024 * 1024)}"}`
    const got = await admin('/services', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    }).catch(() => ({ status: 413 }))
    expect(got.status).toBe(413)
  })

  // workerd itself refuses these.
  it.skipIf(runtime === 'workerd').each([
    ['/', 405, 'Method not allowed'],
    ['/upstreams/u/targets', 405, 'Method not allowed'],
    ['/nope', 404, 'Not found'],
  ])('takes a verb nobody knows at %s for no other', async (path, status, message) => {
    const got = await admin(path, { method: 'GEEEET' })
    expect([got.status, got.body]).toEqual([status, JSON.stringify({ message })])
  })

  it('says a violation in words and fields', async () => {
    const got = await admin('/services', json({ host: 'h', port: 70_000 }))
    expect(JSON.parse(got.body)).toEqual({
      code: 2,
      name: 'schema violation',
      message: 'schema violation (port: value should be between 0 and 65535)',
      fields: { port: 'value should be between 0 and 65535' },
    })
  })

  it('lets one of twenty racing creators win', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => admin('/services', json({ name: 'raced', host: 'h' }))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)])
  })

  it('loses no update of racing writers', async () => {
    const made = JSON.parse((await admin('/upstreams', json({ name: 'many' }))).body)
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        admin(`/upstreams/${made.id}/targets`, json({ target: `10.0.0.${at + 1}:80` })),
      ),
    )
    expect(answers.filter(({ status }) => status !== 201)).toEqual([])
    expect(JSON.parse((await admin('/upstreams/many/targets')).body).data).toHaveLength(30)
  })
})
