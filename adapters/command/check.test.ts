import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readSettings } from '../../src/settings/read.ts'
import { check } from './check.ts'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-check-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const said: string[] = []
const hear = (text: string | Uint8Array): boolean => {
  said.push(String(text))
  return true
}
beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(hear)
  vi.spyOn(process.stderr, 'write').mockImplementation(hear)
  return () => vi.restoreAllMocks()
})
beforeEach(() => {
  said.length = 0
})

/** Checks a file with one plugin; gives the exit code and all that was said. */
async function checked(plugin: object, values: Record<string, string>) {
  const file = join(folder, 'kong.yaml')
  writeFileSync(file, JSON.stringify({ _format_version: '3.0', plugins: [plugin] }))
  const read = readSettings([new Map(Object.entries(values))])
  if (!read.ok) throw new Error(read.errors.join())
  return { code: await check(file, read.settings, []), text: said.join('') }
}

const SANDBOX = { untrusted_lua: 'sandbox' }
const NO_LUA =
  'there is no Lua here: it takes Node, Bun or Deno, the package fengari and untrusted_lua=sandbox'

describe('gibbon check', () => {
  it.each([
    {
      what: 'functions',
      plugin: { name: 'pre-function', config: { access: ['return 1'] } },
      broken: { name: 'pre-function', config: { access: ['return 1', 'return ('] } },
      says: `plugins.1.config.access.2: error parsing pre-function: [string "return ("]:1: unexpected symbol near '<eof>'`,
    },
    {
      what: 'expressions',
      plugin: {
        name: 'file-log',
        config: { path: '/x.log', custom_fields_by_lua: { a: 'return 1' } },
      },
      broken: {
        name: 'file-log',
        config: { path: '/x.log', custom_fields_by_lua: { a: 'return (' } },
      },
      says: 'plugins.1.config.custom_fields_by_lua: Error parsing function: [string "return ("]:1:',
    },
  ])('judges $what by the Lua that would run them', async ({ plugin, broken, says }) => {
    expect(await checked(plugin, SANDBOX)).toMatchObject({ code: 0 })
    said.length = 0
    const bad = await checked(broken, SANDBOX)
    expect(bad.code).toBe(1)
    expect(bad.text).toContain(says)
    said.length = 0
    const off = await checked(plugin, {})
    expect(off.code).toBe(1)
    expect(off.text).toContain(NO_LUA)
  })

  it.each([
    { name: 'tcp-log', config: { host: 'a', port: 1 } },
    { name: 'udp-log', config: { host: 'a', port: 1 } },
    { name: 'file-log', config: { path: '/x.log' } },
    { name: 'syslog' },
  ])('finds here what $name needs', async (plugin) => {
    expect(await checked(plugin, {})).toMatchObject({ code: 0 })
  })

  it('takes code of TLS handshakes, and says what is wrong with it', async () => {
    const withCode = (code: string) => ({ name: 'pre-function', config: { certificate: [code] } })
    expect(await checked(withCode('return 1'), SANDBOX)).toMatchObject({ code: 0 })
    const { code, text } = await checked(withCode('return ='), SANDBOX)
    expect(code).toBe(1)
    expect(text).toContain('config.certificate.1: error parsing pre-function')
  })
})
