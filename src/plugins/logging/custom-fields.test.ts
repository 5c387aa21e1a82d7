import { describe, expect, it } from 'vitest'
import { fakeFiles, fakeSockets, fakeSyslog } from '../../../test/logs/fake-outlets.ts'
import { writtenEntries } from '../../../test/logs/written-entries.ts'
import { type LuaOptions, openLua } from '../../../test/lua/open-lua.ts'
import { fileLog } from '../file-log.ts'
import { httpLog } from '../http-log.ts'
import { loggly } from '../loggly.ts'
import { preFunction } from '../pre-function.ts'
import { syslog as syslogPlugin } from '../syslog.ts'
import { tcpLog } from '../tcp-log.ts'
import { udpLog } from '../udp-log.ts'

const LOGS = [preFunction, httpLog, fileLog, tcpLog, udpLog, syslogPlugin, loggly]

/** A gateway that logs, and what it wrote as JSON once it is closed. */
async function openLogs(options: LuaOptions) {
  const [files, sockets, syslog] = [fakeFiles(), fakeSockets(), fakeSyslog()]
  const rig = await openLua({ files, sockets, syslog, plugins: LOGS, ...options })
  const entries = async (): Promise<Record<string, unknown>[]> => {
    await rig.close()
    return writtenEntries({ sent: rig.transport.sent, files, sockets, syslog })
  }
  return { ...rig, entries }
}

/** What file-log writes of one request with these expressions. */
async function written(fields: Record<string, string>) {
  const config = { path: '/var/log/x.log', custom_fields_by_lua: fields }
  const rig = await openLogs({ plugins_of_route: [{ name: 'file-log', config }] })
  const { status } = await rig.ask('/', { headers: { 'x-tenant': 'Ã©' } })
  const [entry = {}] = await rig.entries()
  return { status, entry, lines: rig.runtime.lines }
}

describe('every log plugin evaluates expressions', () => {
  it.each([
    { name: 'http-log', config: { http_endpoint: 'http://collector/' } },
    { name: 'file-log', config: { path: '/var/log/x.log' } },
    { name: 'tcp-log', config: { host: 'collector', port: 99 } },
    { name: 'udp-log', config: { host: 'collector', port: 99 } },
    { name: 'syslog', config: {} },
    { name: 'loggly', config: { key: 'k' } },
  ])('$name', async ({ name, config }) => {
    const custom_fields_by_lua = {
      tenant: 'return kong.request.get_header("x-tenant")',
      response: 'return nil',
    }
    const own = { name, config: { ...config, custom_fields_by_lua } }
    const { ask, entries } = await openLogs({ plugins_of_route: [own] })
    await ask('/', { headers: { 'x-tenant': 'a' } })
    const all = await entries()
    expect(all).toEqual([expect.objectContaining({ tenant: 'a' })])
    expect(all[0]).not.toHaveProperty('response')
  })
})

describe('a field', () => {
  it.each([
    { key: 'a', code: 'return 1.5', shows: { a: 1.5 } },
    { key: 'a', code: 'return kong.request.get_header("x-tenant")', shows: { a: 'é' } },
    { key: 'a', code: 'return { x = { 1, 2 }, y = true }', shows: { a: { x: [1, 2], y: true } } },
    { key: 'a.b.c', code: 'return "deep"', shows: { a: { b: { c: 'deep' } } } },
    { key: 'request.method', code: 'return "X"', shows: { request: { method: 'X', uri: '/' } } },
    { key: '__proto__.x', code: 'return 1', shows: { request: { method: 'GET' } } },
    {
      key: 'response.status',
      code: 'return 1, { mode = "add" }',
      shows: { response: { status: 200 } },
    },
    { key: 'new.one', code: 'return 1, { mode = "add" }', shows: { new: { one: 1 } } },
    {
      key: 'response.status',
      code: 'return 1, { mode = "replace" }',
      shows: { response: { status: 1 } },
    },
    { key: 'a', code: 'return ngx.var.request_uri', shows: { a: '/' } },
  ])('$key: $code', async ({ key, code, shows }) => {
    const { entry } = await written({ [key]: code })
    expect(entry).toMatchObject(shows)
    expect(Object.getPrototypeOf(entry)).toBe(Object.prototype)
  })

  it.each([
    { key: 'client_ip', code: 'return nil', path: ['client_ip'] },
    { key: 'request.headers', code: 'return', path: ['request', 'headers'] },
    { key: 'none', code: 'return 1, { mode = "replace" }', path: ['none'] },
    { key: 'none.x', code: 'return 1, { mode = "replace" }', path: ['none'] },
    { key: 'x', code: 'ngx.exit(0)', path: ['x'] },
  ])('$key is left out by $code', async ({ key, code, path }) => {
    const { entry, lines } = await written({ [key]: code })
    expect(entry).toHaveProperty('request.uri', '/')
    expect(entry).not.toHaveProperty(path)
    expect(lines).toEqual([])
  })

  it.each([
    { key: 'x', code: 'error("no", 0)', why: 'no' },
    { key: 'x', code: 'while true do end', why: 'the function ran for too long' },
    {
      key: 'x',
      code: 'return 1, { mode = "often" }',
      why: "mode must be 'set', 'add' or 'replace'",
    },
    {
      key: 'x',
      code: 'return function() end',
      why: 'Cannot serialise function: type not supported',
    },
    {
      key: 'x',
      code: 'local t = {} t[1] = t t[2] = t return t',
      why: 'Cannot serialise, excessive depth',
    },
    {
      key: 'x',
      code: 'local t = "x" for i = 1, 60 do t = { t, t } end return t',
      why: 'the function ran for too long',
    },
    {
      key: 'client_ip.x',
      code: 'return 1',
      why: "The key 'client_ip.x' could not be used as a serialize value. Subkey 'client_ip' is not a table. It's 10.0.0.9",
    },
  ])('that fails is told and left out: $code', async ({ key, code, why }) => {
    const { entry, lines, status } = await written({ [key]: code, y: 'return "there"' })
    expect(status).toBe(200)
    expect(entry).toMatchObject({ y: 'there', client_ip: '10.0.0.9' })
    expect(entry).not.toHaveProperty('x')
    expect(lines).toEqual([`error: custom_fields_by_lua.${key} failed: ${why}`])
  })
})

it('is seen by the log plugins after, and by functions before in the phase', async () => {
  const order = [
    { name: 'pre-function', config: { log: ['kong.log.set_serialize_value("n", 1)'] } },
    {
      name: 'http-log',
      config: {
        http_endpoint: 'http://collector/',
        custom_fields_by_lua: { n: 'return kong.log.serialize().n + 1' },
      },
    },
    { name: 'file-log', config: { path: '/var/log/x.log' } },
  ]
  const { ask, entries } = await openLogs({ plugins_of_route: order })
  await ask('/')
  expect((await entries()).map(({ n }) => n)).toEqual([2, 2])
})

describe('a configuration', () => {
  const config = (code: string) => ({ path: '/x.log', custom_fields_by_lua: { 'a.b': code } })

  it.each([
    {
      options: {},
      code: 'return (',
      says: {
        custom_fields_by_lua: `Error parsing function: [string "return ("]:1: unexpected symbol near '<eof>'`,
      },
    },
    {
      options: { lua: undefined },
      code: 'return 1',
      says: 'custom_fields_by_lua: there is no Lua here: it takes Node, Bun or Deno, the package fengari and untrusted_lua=sandbox',
    },
  ])('is refused: $says', async ({ options, code, says }) => {
    const { admin } = await openLogs(options)
    const answer = await admin('POST', '/plugins', { name: 'file-log', config: config(code) })
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ fields: { config: says } })
  })

  it('of none is taken without Lua', async () => {
    const { admin } = await openLogs({ lua: undefined })
    const none = { path: '/x.log', custom_fields_by_lua: {} }
    expect(await admin('POST', '/plugins', { name: 'file-log', config: none })).toMatchObject({
      status: 201,
    })
  })
})
