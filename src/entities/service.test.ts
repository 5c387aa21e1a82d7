import { describe, expect, it } from 'vitest'
import { checkEndpointKey, rowForInsert, rowForUpdate } from '../schema/validate.ts'
import { service } from './service.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (input: unknown) => rowForInsert(service, input, context)

describe('service', () => {
  it('fills in what Kong fills in', () => {
    expect(insert({ host: 'h.test' })).toEqual({
      id,
      created_at: 1795212381,
      updated_at: 1795212381,
      name: null,
      retries: 5,
      protocol: 'http',
      host: 'h.test',
      port: 80,
      path: null,
      connect_timeout: 60000,
      write_timeout: 60000,
      read_timeout: 60000,
      tags: null,
      client_certificate: null,
      tls_verify: null,
      tls_verify_depth: null,
      ca_certificates: null,
      enabled: true,
    })
  })

  it('leaves the port at 80 with https', () => {
    expect(insert({ host: 'h', protocol: 'https' })).toMatchObject({ port: 80 })
  })

  it.each([
    ['http://h.test', { protocol: 'http', host: 'h.test', port: 80, path: null }],
    ['https://u:p@h.test/a?b#c', { protocol: 'https', host: 'h.test', port: 443, path: '/a' }],
    ['http://h.test:443', { protocol: 'http', host: 'h.test', port: 443, path: null }],
    ['//h.test:443/', { protocol: 'https', host: 'h.test', port: 443, path: '/' }],
    ['grpcs://[::1]:9000', { protocol: 'grpcs', host: '::1', port: 9000, path: null }],
    ['grpcs://h', { protocol: 'grpcs', host: 'h', port: 80, path: null }],
  ])('takes the URL %s apart', (url, expected) => {
    const row = insert({ url, host: 'over.test', port: 1 })
    expect(row).toMatchObject(expected)
    expect(row).not.toHaveProperty('url')
  })

  it.each([
    [{}, { host: 'required field missing' }],
    [
      { url: null },
      {
        protocol: 'required field missing',
        host: 'required field missing',
        port: 'required field missing',
      },
    ],
    [{ url: 5, host: 'h' }, { url: 'expected a string' }],
    [
      { url: 'HTTP://h' },
      { protocol: 'expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp' },
    ],
    [{ url: 'http://h:x' }, { port: 'expected an integer' }],
    [{ host: 'h', path: 'a' }, { path: 'should start with: /' }],
    [{ host: 'h', path: '/a//b' }, { path: 'must not have empty segments' }],
    [{ host: 'h', retries: 32768 }, { retries: 'value should be between 0 and 32767' }],
    [{ host: 'h', read_timeout: 0 }, { read_timeout: 'value should be between 1 and 2147483646' }],
    [
      { host: 'h', protocol: 'tcp', path: '/a' },
      {
        '@entity': ["failed conditional validation given value of field 'protocol'"],
        path: 'value must be null',
      },
    ],
    [
      { host: 'h', ca_certificates: [] },
      {
        '@entity': ["failed conditional validation given value of field 'protocol'"],
        ca_certificates: 'value must be null',
      },
    ],
  ])('refuses %j', (input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it('takes null where Kong does', () => {
    const nulls = { retries: null, connect_timeout: null, read_timeout: null }
    expect(insert({ host: 'h', ...nulls })).toMatchObject(nulls)
  })

  it('resets the path by a URL without one', () => {
    const row = insert({ host: 'h', path: '/a' })
    expect(rowForUpdate(service, row, { url: 'http://i' }, context)).toMatchObject({
      host: 'i',
      path: null,
    })
  })

  it('refuses a name no service could have, in a path', () => {
    expect(() => checkEndpointKey(service, 'bad name')).toThrow('invalid value')
  })
})
