import { describe, expect, it } from 'vitest'
import { ALL_CAPS } from '../../test/caps.ts'
import { allEntities } from '../../test/entities.ts'
import type { TransportCaps } from '../ports/transport.ts'
import { withinCaps } from './within-caps.ts'

const refusals = (table: string, input: object, caps: TransportCaps): string[] => {
  const entity = withinCaps(allEntities, caps).find(({ name }) => name === table)
  return Object.keys(entity?.refuse?.({ ...input }, 'insert', { ...input }) ?? {})
}

describe('withinCaps', () => {
  it.each([
    ['services', 'tls_verify', { tls_verify: false }, { verifyOff: false }],
    ['services', 'ca_certificates', { ca_certificates: ['x'] }, { customCa: false }],
    ['services', 'protocol', { protocol: 'grpc' }, { http2: false }],
    ['services', 'protocol', { protocol: 'grpcs' }, { http2: false }],
    [
      'services',
      'client_certificate',
      { client_certificate: { id: 'x' } },
      { clientCertificate: false },
    ],
    [
      'upstreams',
      'client_certificate',
      { client_certificate: { id: 'x' } },
      { clientCertificate: false },
    ],
    ['routes', 'preserve_host', { preserve_host: true }, { hostHeader: false }],
    ['upstreams', 'host_header', { host_header: 'a.test' }, { hostHeader: false }],
    ['targets', 'target', { target: '10.0.0.1:80' }, { ipTargets: false }],
  ])('refuses %s %s only where it cannot be carried out', (table, field, input, missing) => {
    expect(refusals(table, input, { ...ALL_CAPS, ...missing })).toEqual([field])
    expect(refusals(table, input, ALL_CAPS)).toEqual([])
  })

  it('keeps what the entity refuses by itself', () => {
    expect(refusals('targets', { weight: null }, { ...ALL_CAPS, ipTargets: false })).toEqual([
      'weight',
    ])
  })
})
