import { describe, expect, it } from 'vitest'
import { clientRequest, textOf } from './fakes.ts'
import { openSessions as open } from './open-sessions.ts'

const FILE = { path: '/var/log/x.log' }

describe('log plugins', () => {
  it.each([
    { name: 'http-log', config: { http_endpoint: 'http://collector/' } },
    { name: 'file-log', config: FILE },
    { name: 'tcp-log', config: { host: 'collector', port: 99 } },
    { name: 'udp-log', config: { host: 'collector', port: 99 } },
    { name: 'syslog', config: {} },
    { name: 'loggly', config: { key: 'k' } },
  ])('$name writes of a session when it has ended, and of no request', async (row) => {
    const { come, ask, entries } = await open([{ ...row, protocols: ['tcp'] }])
    await come()
    expect((await ask('/')).status).toBe(200)
    const [entry, ...others] = await entries()
    expect(others).toEqual([])
    expect(entry).toMatchObject({
      session: { received: 5, sent: 7, status: 200, server_port: 9000 },
      upstream: { received: 7, sent: 5 },
      latencies: { kong: 0, session: 0 },
      tries: [{ ip: 'db.test', port: 5432 }],
      client_ip: '10.0.0.9',
      route: { name: 'tcp' },
      service: { name: 'db' },
    })
    expect(entry).not.toHaveProperty('request')
    expect(entry).not.toHaveProperty('response')
  })

  it('write nothing of sessions when they are for HTTP alone, as they are by default', async () => {
    const { come, entries } = await open([{ name: 'file-log', config: FILE }])
    await come()
    expect(await entries()).toEqual([])
  })

  it.each([
    ['10.0.0.9', 11],
    ['10.0.0.8', 14],
  ])('choose a severity by the status of a session: %s', async (denied, priority) => {
    const { come, syslog } = await open([
      { name: 'ip-restriction', config: { deny: [denied] } },
      {
        name: 'syslog',
        protocols: ['tcp'],
        config: { client_errors_severity: 'err', log_level: 'info' },
      },
    ])
    await come()
    expect(syslog.written.map((one) => one.priority)).toEqual([priority])
  })

  it('evaluate expressions, which know nothing of requests', async () => {
    const custom_fields_by_lua = {
      who: 'return kong.client.get_forwarded_ip()',
      bytes: 'return kong.log.serialize().session.received',
      service: 'return nil',
      path: 'return kong.request.get_path()',
    }
    const plugins = [
      { name: 'http-log', config: { http_endpoint: 'http://collector/', custom_fields_by_lua } },
      { name: 'file-log', config: FILE },
    ].map((one) => ({ ...one, protocols: ['tcp'] }))
    const { come, entries, runtime } = await open(plugins)
    await come()
    const all = await entries()
    expect(all).toHaveLength(2)
    for (const entry of all) {
      expect(entry).toMatchObject({ who: '10.0.0.9', bytes: 5 })
      expect(entry).not.toHaveProperty('service')
      expect(entry).not.toHaveProperty('path')
    }
    const why = 'there is no request in a stream session'
    expect(runtime.lines).toEqual([
      expect.stringMatching(`^error: custom_fields_by_lua.path failed: .*: ${why}$`),
    ])
  })

  it('that cannot write of sessions leave them alone', async () => {
    const plugin = { name: 'request-transformer', protocols: ['tcp'], config: {} }
    const { gateway } = await open([plugin])
    const plan = gateway.stream({
      protocol: 'tcp',
      source: { ip: '10.0.0.9', port: 4000 },
      destination: { ip: '10.0.0.1', port: 9000 },
    })
    expect(plan).not.toHaveProperty('ended')
  })
})

describe('ip-restriction', () => {
  const message = 'IP address not allowed: 10.0.0.9'
  const unknown = 'Cannot identify the client IP address, unix domain sockets are not supported.'
  const unix = { source: { ip: 'unix:', port: 0 } }

  it.each([
    [{ deny: ['10.0.0.8'] }, {}, undefined],
    [{ allow: ['10.0.0.0/8'] }, {}, undefined],
    [{ deny: ['10.0.0.9'] }, {}, { status: 403, message }],
    [{ allow: ['10.0.0.8'] }, {}, { status: 403, message }],
    [{ deny: ['10.0.0.9'], status: 451, message: 'no' }, {}, { status: 451, message: 'no' }],
    [{ deny: ['10.0.0.9'] }, unix, { status: 403, message: unknown }],
  ])('of %j tells %j: %j', async (config, client, told) => {
    const log = { name: 'file-log', protocols: ['tcp'], config: FILE }
    const { come, entries, runtime } = await open([{ name: 'ip-restriction', config }, log])
    expect(await come(client)).toBe(told && JSON.stringify(told))
    expect(runtime.lines).toEqual(told === undefined ? [] : [`warn: ${told.message}`])
    const [entry] = await entries()
    expect(entry).toMatchObject({
      session: { status: told?.status ?? 200 },
      tries: told === undefined ? [{}] : [],
    })
  })

  it('leaves sessions alone when it is for HTTP', async () => {
    const { come, ask, admin } = await open([])
    const config = { deny: ['10.0.0.9'] }
    const protocols = ['http']
    const made = await admin('POST', '/plugins', { name: 'ip-restriction', protocols, config })
    expect(made.status).toBe(201)
    expect((await ask('/')).status).toBe(403)
    expect(await come()).toBeUndefined()
  })

  it('guards streams and requests everywhere when it is global', async () => {
    const { come, ask, admin } = await open([])
    expect(await come()).toBeUndefined()
    const made = await admin('POST', '/plugins', {
      name: 'ip-restriction',
      config: { deny: ['10.0.0.9'] },
    })
    expect(made.status).toBe(201)
    expect(await come()).toBe(JSON.stringify({ status: 403, message }))
    expect((await ask('/')).status).toBe(403)
  })
})

it('prometheus counts sessions, their bytes and how long they were', async () => {
  const plugins = [
    {
      name: 'prometheus',
      protocols: ['tcp'],
      config: { status_code_metrics: true, bandwidth_metrics: true, latency_metrics: true },
    },
    { name: 'ip-restriction', config: { deny: ['10.0.0.8'] } },
  ]
  const { come, gateway } = await open(plugins)
  await come()
  await come()
  await come({ source: { ip: '10.0.0.8', port: 1 } })
  const page = await gateway.handleStatus(clientRequest({ target: '/metrics' }))
  const lines = (await textOf(page.body)).split('\n')
  const place = 'service="db",route="tcp"'
  const rest = 'workspace="default"'
  expect(lines.filter((line) => /^kong_(stream|bandwidth)/.test(line))).toEqual([
    `kong_stream_sessions_total{${place},code="200",source="service",${rest}} 2`,
    `kong_stream_sessions_total{${place},code="403",source="kong",${rest}} 1`,
    `kong_bandwidth_bytes{${place},direction="ingress",${rest},consumer=""} 15`,
    `kong_bandwidth_bytes{${place},direction="egress",${rest},consumer=""} 21`,
  ])
  const whole = `kong_session_duration_ms_bucket{${place},${rest},le="+Inf"} 3`
  expect(lines).toContain(whole)
  expect(lines).toContain(`kong_kong_latency_ms_count{${place},${rest}} 3`)
  expect(lines.some((line) => line.startsWith('kong_request_latency_ms'))).toBe(false)
})
