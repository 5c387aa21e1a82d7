import { describe, expect, it } from 'vitest'
import { openLogging } from '../../test/logs/open-logging.ts'
import { incoming } from '../../test/proxy/fakes.ts'

const answering = (status: number) => () => incoming({ status })
const graded = {
  successful_severity: 'notice',
  client_errors_severity: 'warning',
  server_errors_severity: 'crit',
}

describe('syslog', () => {
  it.each([
    { status: 200, config: {}, priority: 14 },
    { status: 399, config: { ...graded, facility: 'local7' }, priority: 23 * 8 + 5 },
    { status: 400, config: graded, priority: 8 + 4 },
    { status: 500, config: { ...graded, facility: 'kern' }, priority: 2 },
    { status: 200, config: { successful_severity: 'debug' }, priority: undefined },
    { status: 200, config: { ...graded, log_level: 'warning' }, priority: undefined },
    { status: 404, config: { ...graded, log_level: 'warning' }, priority: 12 },
  ])('writes a $status with $config under $priority', async ({ status, config, priority }) => {
    const { ask, syslog } = await openLogging({
      plugins: [{ name: 'syslog', config }],
      upstream: answering(status),
    })
    await ask('/a')
    expect(syslog.written.map((one) => one.priority)).toEqual(
      priority === undefined ? [] : [priority],
    )
    for (const { line } of syslog.written) expect(JSON.parse(line).request.uri).toBe('/a')
  })

  it('is refused where there is none', async () => {
    const opened = openLogging({ plugins: [{ name: 'syslog' }], outlets: {} })
    const error = await opened.catch((one) => one)
    expect(JSON.stringify(error.fields)).toContain('there is no system log on this runtime')
  })
})

describe('loggly', () => {
  const plugins = (config: object = {}) => [{ name: 'loggly', config: { key: 'k-1', ...config } }]

  it('sends a datagram of syslog to Loggly', async () => {
    const { ask, sockets } = await openLogging({ plugins: plugins() })
    await ask('/a')
    const [{ to, text } = { to: '', text: '' }] = sockets.datagrams
    expect(to).toBe('logs-01.loggly.com:514')
    const start = '<14>1 2023-11-14T22:13:20Z localhost kong - - [k-1@41058 tag="kong"] '
    expect(text.slice(0, start.length)).toBe(start)
    expect(JSON.parse(text.slice(start.length)).request.uri).toBe('/a')
  })

  it.each([
    { config: { host: 'logs', port: 5514 }, to: 'logs:5514', start: '<14>1 ' },
    { config: { tags: ['a', 'b'] }, to: undefined, start: 'tag="a" tag="b"] {' },
    { config: { server_errors_severity: 'emerg' }, to: undefined, start: '<8>1 ' },
    { config: { server_errors_severity: 'debug' }, to: '', start: '' },
  ])('does as $config says', async ({ config, to, start }) => {
    const upstream = answering('server_errors_severity' in config ? 503 : 200)
    const { ask, sockets } = await openLogging({ plugins: plugins(config), upstream })
    await ask('/')
    if (to === '') expect(sockets.datagrams).toEqual([])
    else expect(sockets.datagrams[0]?.text).toContain(start)
    if (to) expect(sockets.datagrams[0]?.to).toBe(to)
  })
})
