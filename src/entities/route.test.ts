import { describe, expect, it } from 'vitest'
import { rowForInsert, rowForUpdate } from '../schema/validate.ts'
import { route } from './route.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (input: unknown) => rowForInsert(route, input, context)

describe('route', () => {
  it('fills in what Kong fills in', () => {
    expect(insert({ paths: ['/a'] })).toEqual({
      id,
      created_at: 1795212381,
      updated_at: 1795212381,
      name: null,
      protocols: ['http', 'https'],
      https_redirect_status_code: 426,
      strip_path: true,
      preserve_host: false,
      request_buffering: true,
      response_buffering: true,
      tags: null,
      service: null,
      snis: null,
      sources: null,
      destinations: null,
      methods: null,
      hosts: null,
      paths: ['/a'],
      headers: null,
      regex_priority: 0,
      path_handling: 'v0',
    })
  })

  it.each([
    [{ protocols: ['grpc'], paths: ['/a'] }, { strip_path: false }],
    [{ protocols: ['tcp'], sources: [{ ip: '10.0.0.0/8' }, { port: 0 }] }, {}],
    [{ protocols: ['tls_passthrough'], snis: ['a.test'] }, {}],
    [{ hosts: ['*.a.test', 'b.*', 'c:8000'] }, {}],
    [{ headers: { 'x-a': ['~*^v[12]$'] } }, {}],
    [{ methods: ['GET', 'GET', 'PURGE'] }, { methods: ['GET', 'PURGE'] }],
    [{ protocols: ['https'], snis: ['*.a.test'] }, {}],
  ])('takes %j', (input, expected) => {
    expect(insert(input)).toMatchObject(expected)
  })

  const whole = (...texts: string[]) => ({ '@entity': texts })
  const must = (names: string, protocol: string) =>
    whole(`must set one of ${names} when 'protocols' is '${protocol}'`)

  it.each([
    [{}, must("'methods', 'hosts', 'headers', 'paths', 'snis'", 'https')],
    [{ protocols: ['http'] }, must("'methods', 'hosts', 'headers', 'paths'", 'http')],
    [{ protocols: ['grpcs', 'grpc'] }, must("'hosts', 'headers', 'paths', 'snis'", 'grpcs')],
    [{ protocols: ['grpc'] }, must("'hosts', 'headers', 'paths'", 'grpc')],
    [
      { protocols: ['tcp', 'udp'] },
      whole(
        "must set one of 'sources', 'destinations', 'snis' when 'protocols' is 'tcp', 'tls' or 'udp'",
      ),
    ],
    [
      { protocols: ['tls_passthrough'] },
      whole("must set snis when 'protocols' is 'tls_passthrough'"),
    ],
    [{ protocols: [], paths: ['/'] }, { protocols: 'unknown type: nil' }],
    [{ protocols: ['foo', 'bar'], paths: ['/'] }, { protocols: 'unknown type: foo' }],
    [{ protocols: [1], paths: ['/'] }, { protocols: 'unknown type: 1' }],
    [{ protocols: 'foo', paths: ['/'] }, { protocols: 'unknown type: foo' }],
    [{ protocols: { a: 1 }, paths: ['/'] }, { protocols: 'unknown type: nil' }],
    [{ protocols: 'http', paths: ['/'] }, { protocols: 'expected a set' }],
    [{ protocols: 1, paths: ['/'] }, { protocols: 'expected a set' }],
    [
      { protocols: ['foo', 'http'], paths: ['/'] },
      {
        protocols: ['expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp'],
      },
    ],
    [
      { protocols: ['http'], snis: ['a.test'] },
      {
        ...whole(
          "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'",
          "must set one of 'methods', 'hosts', 'headers', 'paths' when 'protocols' is 'http'",
        ),
        snis: 'length must be 0',
      },
    ],
    [{ protocols: 'http', paths: ['/'] }, { protocols: 'expected a set' }],
    [{ protocols: null, paths: ['/'] }, { protocols: 'required field missing' }],
    [
      { protocols: ['http', 'grpc'], paths: ['/'] },
      {
        protocols: "these sets are mutually exclusive: ('http', 'https'), ('grpc', 'grpcs')",
      },
    ],
    [
      { protocols: ['grpc'], paths: ['/'], methods: ['GET'], strip_path: true },
      {
        methods: "cannot set 'methods' when 'protocols' is 'grpc' or 'grpcs'",
        strip_path: "cannot set 'strip_path' when 'protocols' is 'grpc' or 'grpcs'",
      },
    ],
    [
      { protocols: ['tcp'], sources: [{ port: 1 }], paths: ['/'] },
      { paths: "cannot set 'paths' when 'protocols' is 'tcp', 'tls', 'tls_passthrough' or 'udp'" },
    ],
    [
      { paths: ['/'], sources: [{ port: 1 }] },
      { sources: "cannot set 'sources' when 'protocols' is 'http' or 'https'" },
    ],
    [
      { protocols: ['http'], paths: ['/'], snis: ['a'] },
      {
        ...whole(
          "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'",
        ),
        snis: 'length must be 0',
      },
    ],
    [{ methods: ['get'] }, { methods: ['invalid value: get'] }],
    [{ methods: 'GET' }, { methods: 'expected a set' }],
    [
      { hosts: ['a', '*', '*.*', 'a:99999'] },
      {
        hosts: [
          null,
          'invalid wildcard: must be placed at leftmost or rightmost label',
          'invalid wildcard: must have at most one wildcard',
          'invalid port number',
        ],
      },
    ],
    [
      { paths: ['a', '/a//b', '/a/../b'] },
      {
        paths: [
          'should start with: / (fixed path) or ~/ (regex path)',
          'must not have empty segments',
          "non-normalized path, consider use '/b' instead",
        ],
      },
    ],
    [
      { headers: { HOST: ['a'] } },
      {
        headers: "cannot contain 'host' header, which must be specified in the 'hosts' attribute",
      },
    ],
    [
      { paths: ['/'], https_redirect_status_code: 303 },
      { https_redirect_status_code: 'expected one of: 426, 301, 302, 307, 308' },
    ],
    [{ paths: ['/'], expression: 'x' }, { expression: 'unknown field' }],
  ])('refuses %j', (input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it.each([
    [{ paths: ['~/a(?=b)'] }, 'look-around is not supported'],
    [{ paths: ['~/(a)\\1'] }, 'back-references are not supported'],
    [{ headers: { 'x-a': ['~*(a'] } }, 'missing closing )'],
    [{ headers: { 'x-a': [] } }, "no values for header 'x-a'"],
  ])('refuses %j, which makes no router expression', (input, reason) => {
    expect(() => insert(input)).toThrow(/Router Expression failed validation: .*/)
    expect(() => insert(input)).toThrow(reason)
  })

  it('holds a patch to what the new protocols ask', () => {
    const row = insert({ paths: ['/a'], methods: ['GET'] })
    const patch = { protocols: ['grpc'], strip_path: false }
    expect(() => rowForUpdate(route, row, patch, context)).toThrow('methods: cannot set')
    const patched = rowForUpdate(route, row, { ...patch, methods: null }, context)
    expect(patched).toMatchObject({ protocols: ['grpc'], strip_path: false, methods: null })
  })
})
