import { describe, expect, it } from 'vitest'
import type { Outgoing } from '../../src/ports/transport.ts'
import { failure, incoming, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

const wide = ['1', '2', '3', '4'].map((n) => ({ target: `10.0.0.${n}:81` }))
const upstreams = [
  { name: 'pool', targets: [{ target: '10.0.0.7:81' }] },
  { name: 'wide', targets: wide },
]

/** Runs code in a phase of the one route, and gives what was asked of upstreams. */
async function sentBy(
  code: string,
  { phase = 'access', works = true }: { phase?: string; works?: boolean } = {},
): Promise<readonly Outgoing[]> {
  const { ask, transport } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { [phase]: [code] } }],
    config: { upstreams },
    upstream: () => (works ? incoming() : failure()),
    settings: { shown: { log_level: 'notice', plugins: ['bundled'], pg_password: '******' } },
  })
  await ask('/')
  return transport.sent
}

const WIDE = 'kong.service.set_upstream("wide")'
const HTTPS = 'kong.service.request.set_scheme("https")'

describe('kong.service', () => {
  it.each([
    { code: HTTPS, sent: { scheme: 'https', host: 'echo.test', port: 80 } },
    {
      code: 'kong.service.request.set_scheme("http")',
      sent: { scheme: 'http', host: 'echo.test' },
    },
    {
      code: `kong.service.set_target("o.test", 444) ${HTTPS}`,
      sent: { scheme: 'https', port: 444 },
    },
    { code: 'kong.service.set_upstream("pool")', sent: { host: '10.0.0.7', port: 81 } },
    {
      code: 'kong.service.set_timeouts(1, 20, 2147483646)',
      sent: { connectTimeout: 1, writeTimeout: 20, readTimeout: 2147483646 },
    },
    { code: `kong.service.set_tls_verify(true) ${HTTPS}`, sent: { tls: { verify: true } } },
    { code: `kong.service.set_tls_verify(false) ${HTTPS}`, sent: { tls: { verify: false } } },
    { code: `kong.service.set_tls_verify_depth(3) ${HTTPS}`, sent: { tls: { verifyDepth: 3 } } },
  ])('$code', async ({ code, sent }) => {
    const [asked] = await sentBy(code)
    expect(asked).toMatchObject(sent)
  })

  it.each([
    { retries: 0, tries: 1 },
    { retries: 2, tries: 3 },
  ])('tries $tries times with set_retries($retries)', async ({ retries, tries }) => {
    const sent = await sentBy(`${WIDE} kong.service.set_retries(${retries})`, { works: false })
    expect(sent).toHaveLength(tries)
  })

  it.each([
    { call: 'kong.service.set_upstream("pool")', gives: 'true' },
    {
      call: 'kong.service.set_upstream("none")',
      gives: "nil could not find an Upstream named 'none'",
    },
    { call: 'kong.service.set_retries(1)', gives: 'nil' },
    { call: 'kong.service.set_timeouts(1, 1, 1)', gives: 'nil' },
    { call: 'kong.service.set_tls_verify(false)', gives: 'true' },
    { call: 'kong.service.set_tls_verify_depth(0)', gives: 'true' },
  ])('$call gives $gives', async ({ call, gives }) => {
    const [asked] = await sentBy(`
      local one, two = ${call}
      kong.service.request.set_header("X-Out", tostring(one) .. (two and " " .. two or ""))`)
    expect(valuesOf(asked?.headers ?? [], 'x-out')).toEqual([gives])
  })

  it.each([
    { call: 'kong.service.request.set_scheme, 1', fault: 'scheme must be a string' },
    { call: 'kong.service.request.set_scheme, "ftp"', fault: 'invalid scheme: ftp' },
    { call: 'kong.service.set_upstream', fault: 'host must be a string' },
    { call: 'kong.service.set_retries, "1"', fault: 'retries must be an integer' },
    { call: 'kong.service.set_retries, 1.5', fault: 'retries must be an integer' },
    {
      call: 'kong.service.set_retries, 32768',
      fault: 'port must be an integer between 0 and 32767: given 32768',
    },
    { call: 'kong.service.set_timeouts, 1', fault: 'write_timeout must be an integer' },
    {
      call: 'kong.service.set_timeouts, 1, 1, 0',
      fault: 'read_timeout must be an integer between 1 and 2147483646: given 0',
    },
    { call: 'kong.service.set_tls_verify, 1', fault: 'argument must be a boolean' },
    { call: 'kong.service.set_tls_verify_depth, "1"', fault: 'argument must be a number' },
  ])('pcall($call)', async ({ call, fault }) => {
    const [asked] = await sentBy(`
      local _, why = pcall(${call})
      kong.service.request.set_header("X-Out", why)`)
    expect(valuesOf(asked?.headers ?? [], 'x-out')).toEqual([fault])
  })

  it.each([
    'kong.service.set_upstream("pool")',
    'kong.service.set_retries(1)',
    'kong.service.set_timeouts(1, 1, 1)',
    'kong.service.set_tls_verify(true)',
    HTTPS,
  ])('is not changed any more behind the answer: %s', async (code) => {
    const { ask, runtime } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config: { header_filter: [code] } }],
    })
    expect((await ask('/')).status).toBe(500)
    expect(runtime.lines.filter((line) => line.startsWith('error'))).not.toEqual([])
  })
})

it.each([
  { code: 'kong.configuration.log_level', gives: 'notice' },
  { code: 'kong.configuration.plugins[1]', gives: 'bundled' },
  { code: 'kong.configuration.pg_password', gives: '******' },
  { code: 'tostring(kong.configuration.none)', gives: 'nil' },
  { code: 'tostring(kong.configuration.constructor)', gives: 'nil' },
  { code: 'tostring((pcall(function() kong.configuration.log_level = "x" end)))', gives: 'false' },
])('$code is $gives', async ({ code, gives }) => {
  const [asked] = await sentBy(`kong.service.request.set_header("X-Out", ${code})`)
  expect(valuesOf(asked?.headers ?? [], 'x-out')).toEqual([gives])
})
