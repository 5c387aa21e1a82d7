import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createGateway } from '../../src/gateway.ts'
import { readSettings } from '../../src/settings/read.ts'
import { createMemoryKV } from '../memory/kv.ts'
import { createMemoryStore } from '../memory/store.ts'
import { createSocketTransport } from '../node-http/transport.ts'
import { readConfigFile } from './config-file.ts'
import { createReloader, UnservableFile } from './reload.ts'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-reload-'))
const file = join(folder, 'kong.yaml')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let logged: string[]

async function open() {
  const read = readSettings([new Map([['database', 'off']])])
  if (!read.ok) throw new Error(read.errors.join('\n'))
  const runtime = {
    name: 'test',
    now: Date.now,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    log: (level: string, message: string) => void logged.push(`${level} ${message}`),
    background: () => undefined,
  }
  const gateway = await createGateway({
    store: createMemoryStore(),
    kv: createMemoryKV(runtime),
    transport: createSocketTransport(),
    runtime,
    settings: read.settings,
  })
  return createReloader({ name: file, read: () => readConfigFile(file) }, { gateway, runtime })
}

function write(...services: string[]): void {
  const lines = services.map((name) => `- {name: ${name}, host: h}`)
  writeFileSync(file, ['_format_version: "3.0"', 'services:', ...lines, ''].join('\n'))
}

beforeEach(() => {
  logged = []
  write('a')
})

describe('createReloader', () => {
  it('tells what a reload changed', async () => {
    const reloader = await open()
    await reloader.start()
    write('b')
    await reloader.reload('file changed', { onlyNew: true })
    expect(logged).toEqual([
      `notice file changed: serving ${file} as it is now, 2 changes`,
      'notice + services b',
      'notice - services a',
    ])
  })

  it('passes over a text it knows, unless told to read it', async () => {
    const reloader = await open()
    await reloader.start()
    await reloader.reload('file changed', { onlyNew: true })
    expect(logged).toEqual([])
    await reloader.reload('SIGHUP')
    expect(logged).toEqual([`notice SIGHUP: serving ${file} as it is now, nothing changed`])
  })

  it('keeps what is served when the file is bad, and tells why once', async () => {
    const reloader = await open()
    await reloader.start()
    writeFileSync(file, '_format_version: "3.0"\nservices:\n- {name: a}\n')
    await reloader.reload('file changed', { onlyNew: true })
    await reloader.reload('file changed', { onlyNew: true })
    expect(logged).toEqual([
      `error file changed: ${file} cannot be served, the old config stays`,
      `error ${file}:3:3: services.1.host: required field missing`,
    ])
    write('a')
    await reloader.reload('file changed', { onlyNew: true })
    expect(logged.at(-1)).toContain('nothing changed')
  })

  it('tells fifty changes and counts the rest', async () => {
    const reloader = await open()
    await reloader.start()
    write(...Array.from({ length: 60 }, (_, i) => `s${i}`))
    await reloader.reload('file changed')
    expect(logged).toHaveLength(52)
    expect(logged.at(-1)).toBe('notice and 11 more')
  })

  it('tells that there is no file', async () => {
    rmSync(file)
    const reloader = await open()
    await expect(reloader.start()).rejects.toThrow(`cannot read ${file}: there is no such file`)
    await reloader.reload('file changed')
    expect(logged).toEqual([
      `error file changed: cannot read ${file}: there is no such file, the old config stays`,
    ])
  })

  it('cannot start with a bad file', async () => {
    writeFileSync(file, 'a: [')
    const reloader = await open()
    await expect(reloader.start()).rejects.toThrow(UnservableFile)
  })
})
