import { describe, expect, it } from 'vitest'
import { type BrowserRules, corsHeaders, isAllowedHost, refusalFor } from './browser.ts'

const open: BrowserRules = {
  hosts: new Set(),
  origins: [],
  strict: false,
  token: false,
  managerPorts: new Set(),
}
const configured: BrowserRules = {
  hosts: new Set(['manager.test']),
  origins: ['https://manager.test', 'https://second.test'],
  strict: false,
  token: false,
  managerPorts: new Set(),
}
const strict: BrowserRules = { ...open, strict: true }

const request = (method: string, headers: Record<string, string>) =>
  new Request('http://admin/services', { method, headers })

describe('refusalFor', () => {
  const own = { host: 'localhost:8001' }
  it.each([
    ['curl', 'POST', {}, open, true],
    ['curl with a name', 'POST', { host: 'kong.internal:8001' }, open, true],
    ['curl with a name, bound to loopback', 'GET', { host: 'evil.test' }, strict, false],
    ['curl to loopback', 'GET', { host: '127.0.0.1:8001' }, strict, true],
    ['curl to IPv6 loopback', 'GET', { host: '[::1]:8001' }, strict, true],
    ['same origin', 'POST', { ...own, origin: 'http://localhost:8001' }, open, true],
    ['the Manager on its port', 'POST', { ...own, origin: 'http://localhost:8002' }, open, true],
    ['another site', 'POST', { ...own, origin: 'http://evil.test' }, open, false],
    ['another site reading', 'GET', { ...own, origin: 'http://evil.test' }, open, true],
    ['a sandboxed page', 'POST', { ...own, origin: 'null' }, open, false],
    ['a cross-site form', 'POST', { ...own, 'sec-fetch-site': 'cross-site' }, open, false],
    ['a cross-site delete', 'DELETE', { ...own, 'sec-fetch-site': 'cross-site' }, open, false],
    ['a preflight', 'OPTIONS', { ...own, origin: 'http://evil.test' }, open, true],
    ['a rebound name', 'POST', { host: 'evil.test', origin: 'http://evil.test' }, open, false],
    ['the GUI', 'PUT', { ...own, origin: 'https://manager.test' }, configured, true],
    [
      'behind the GUI name',
      'PUT',
      { host: 'manager.test', origin: 'https://manager.test' },
      configured,
      true,
    ],
  ])('%s', (_name, method, headers, rules, allowed) => {
    expect(
      refusalFor(request(method, headers as Record<string, string>), rules) === undefined,
    ).toBe(allowed)
  })
})

it.each([
  ['10.0.0.1', true],
  ['fe80::1', true],
  ['localhost', true],
  ['a.localhost', true],
  ['evil.test', false],
  ['127.evil.test', false],
  ['', false],
])('allows the host %j: %s', (name, allowed) => {
  expect(isAllowedHost(name, new Set())).toBe(allowed)
})

describe('corsHeaders', () => {
  const own = { host: 'localhost:8001' }
  const originOf = (headers: Record<string, string>, rules: BrowserRules) =>
    Object.fromEntries(corsHeaders(request('GET', headers), rules))['Access-Control-Allow-Origin']

  it.each([
    [{ ...own }, open, '*'],
    [{ ...own, origin: 'http://localhost:8002' }, open, 'http://localhost:8002'],
    [{ ...own, origin: 'http://evil.test' }, open, undefined],
    [{ host: 'evil.test', origin: 'http://evil.test' }, open, undefined],
    [{ ...own }, configured, 'https://manager.test'],
    [{ ...own, origin: 'https://second.test' }, configured, 'https://second.test'],
    [{ ...own, origin: 'http://evil.test' }, configured, 'https://manager.test'],
  ])('%j', (headers, rules, expected) => {
    expect(originOf(headers, rules)).toBe(expected)
  })
})
