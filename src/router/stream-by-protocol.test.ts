import { expect, it } from 'vitest'
import { ROUTER_FLAVORS } from '../lib/router-flavor.ts'
import type { RouteRule } from './router.ts'
import type { Connection } from './stream.ts'
import { createStreamRouter } from './stream-by-protocol.ts'

const rule = (name: string): RouteRule => ({
  id: name,
  protocols: [name],
  methods: null,
  hosts: null,
  paths: null,
  snis: name === 'tls_passthrough' ? ['a.test'] : null,
  headers: null,
  regex_priority: null,
  destinations: [{ port: 9000 }],
})

it.each([
  ['tcp', ['udp', 'tls_passthrough', 'http'], undefined],
  ['tcp', ['udp', 'tcp'], 'tcp'],
  ['tcp', ['udp', 'tls'], 'tls'],
  ['udp', ['tcp', 'tls', 'tls_passthrough'], undefined],
  ['udp', ['tcp', 'udp'], 'udp'],
  ['tls', ['udp', 'tls'], 'tls'],
  ['tls', ['tls', 'tls_passthrough'], 'tls_passthrough'],
] as const)('a connection of %s among routes of %j takes %s', (protocol, names, taken) => {
  const ends = { sourceIp: '10.0.0.1', sourcePort: 1, destinationIp: '10.0.0.2' }
  const connection: Connection = { ...ends, protocol, destinationPort: 9000, sni: 'a.test' }
  for (const flavor of ROUTER_FLAVORS) {
    expect(createStreamRouter(names.map(rule), flavor)(connection)?.id).toBe(taken)
  }
})

it('lets TLS that is ended here go on as TCP', () => {
  const ends = { sourceIp: '::1', sourcePort: 1, destinationIp: '::1', destinationPort: 9000 }
  const find = createStreamRouter([rule('tcp')], 'traditional_compatible')
  expect(find({ ...ends, protocol: 'tls' })?.id).toBe('tcp')
})

it.each([
  ['destinations alone', {}, 'tls'],
  ['a name alone', { destinations: null, snis: ['a.test'] }, undefined],
  ['a name, too', { snis: ['a.test'] }, undefined],
  ['no name', { snis: [] }, 'tls'],
] as const)('plain TCP takes of the routes of tls one that asks for %s', (_what, rest, taken) => {
  const ends = { sourceIp: '::1', sourcePort: 1, destinationIp: '::1', destinationPort: 9000 }
  for (const flavor of ROUTER_FLAVORS) {
    const find = createStreamRouter([{ ...rule('tls'), ...rest }], flavor)
    expect(find({ ...ends, protocol: 'tcp' })?.id).toBe(taken)
    expect(find({ ...ends, protocol: 'udp' })).toBeUndefined()
  }
})

it.each([
  ['net.dst.port == 9000', 'tls'],
  ['tls.sni == "a.test"', undefined],
])('plain TCP by the expression %s takes %s', (expression, taken) => {
  const ends = { sourceIp: '::1', sourcePort: 1, destinationIp: '::1', destinationPort: 9000 }
  const find = createStreamRouter(
    [{ ...rule('tls'), destinations: null, expression }],
    'expressions',
  )
  expect(find({ ...ends, protocol: 'tcp' })?.id).toBe(taken)
})
