import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../runtimes/binaries.ts'
import { EVALUATORS, evaluate } from '../runtimes/evaluate.ts'
import { type FakeServer, openFakeServer } from './fake-server.ts'

/** Asks all there is to ask, and prints what came. */
function program(server: FakeServer): string {
  const { host, port } = server
  return `
    const { createSystemResolver } = await import('${ROOT}adapters/dns/system-resolver.ts')
    const resolver = createSystemResolver({
      servers: [{ host: '${host}', port: ${port} }], timeout: 300, attempts: 2,
      hostsFile: '/dev/null', resolvConf: '/dev/null',
    })
    const gone = createSystemResolver({
      servers: [{ host: '${host}', port: 1 }], timeout: 300, attempts: 1,
    })
    const asks = [
      resolver.query('a.example', 'A'), resolver.query('a.example', 'AAAA'),
      resolver.query('a.example', 'SRV'), resolver.query('a.example', 'CNAME'),
      resolver.query('many.example', 'A'), resolver.query('silent.example', 'A'),
      resolver.query('none.example', 'A'), gone.query('a.example', 'A'),
    ]
    const answers = await Promise.all(asks)
    const shown = answers.map((answer) => answer.ok
      ? answer.records.slice(0, 2).map((one) => (one.address ?? one.target) + ' ' + one.ttl)
      : answer.reason)
    const { hosts, ndots } = await resolver.machine()
    console.log(JSON.stringify([...shown, answers[4].records?.length, hosts.size, ndots]))
  `
}

let server: FakeServer
beforeAll(async () => {
  server = await openFakeServer()
  const stranger = [{ type: 'A' as const, value: '6.6.6.6' }]
  const truth = [{ type: 'A' as const, value: '10.0.0.1', ttl: 7 }]
  server.set('a.example', 'A', { answers: truth, stranger })
  const value = '2001:0db8:0000:0000:0000:0000:0000:0001'
  server.set('a.example', 'AAAA', [{ type: 'AAAA', value }])
  server.set('a.example', 'SRV', [{ type: 'SRV', value: 'b.example', port: 81 }])
  server.set('a.example', 'CNAME', [{ type: 'CNAME', value: 'c.example' }])
  server.set('silent.example', 'A', { silent: true })
  const answers = Array.from({ length: 200 }, (_, i) => ({
    type: 'A' as const,
    value: `10.0.0.${i}`,
  }))
  server.set('many.example', 'A', { truncated: true, answers })
})
afterAll(() => server.close())

describe.each(EVALUATORS)('on %s', (name) => {
  it('the DNS client asks by UDP and TCP, and tells each failure', async () => {
    const { printed, code } = await evaluate(name, program(server))
    expect(printed).toEqual([
      ['10.0.0.1 7'],
      ['2001:0db8:0000:0000:0000:0000:0000:0001 60'],
      ['b.example 60'],
      ['c.example 60'],
      ['10.0.0.0 60', '10.0.0.1 60'],
      'timeout',
      'nxdomain',
      // Deno does not tell that nobody is at a port.
      name === 'deno' ? 'timeout' : 'refused',
      200,
      0,
      1,
    ])
    // No socket and no timer keeps it from its end.
    expect(code).toBe(0)
  })
})
