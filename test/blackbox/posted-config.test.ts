import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-posted-'))
const OFF = { database: 'off' }

let target: Target
let gateway: RunningGateway | undefined
let dataDir = ''

beforeAll(async () => {
  target = await startTarget('t')
})
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})
afterAll(async () => {
  await target.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One service and route; the plugin has no name, so its id is made up once. */
const kongYaml = (path: string): string => `_format_version: "3.0"
services:
- name: s
  host: 127.0.0.1
  port: ${target.port}
  routes:
  - {name: r, paths: [${path}]}
consumers:
- username: c
  keyauth_credentials:
  - tags: [made-up]
`
const admin = (path: string, options = {}) => ask(`${gateway?.adminUrl}${path}`, options)
const post = (path: string, query = '') =>
  admin(`/config${query}`, json({ config: kongYaml(path) }))
const hash = async () => String(JSON.parse((await admin('/status')).body).configuration_hash)
const reached = async (path: string) =>
  (await ask(`${gateway?.proxyUrl}${path}`)).headers['x-target'] === 't'
/** All that can be asked back. */
const served = async () => ({
  hash: await hash(),
  config: (await admin('/config')).body,
  keys: (await admin('/key-auths')).body,
})
const start = async (runtime: (typeof RUNTIMES)[number], options = {}) => {
  gateway = await startGateway(runtime, { settings: OFF, dataDir, ...options })
}
const killed = async () => {
  await gateway?.kill()
  gateway = undefined
}

describe.each(RUNTIMES)('what was posted to /config on %s', (runtime) => {
  it('is served again after a kill, as it was', async () => {
    dataDir = mkdtempSync(join(folder, runtime))
    await start(runtime)
    expect(await hash()).toBe('0'.repeat(32))
    for (const path of ['/first', '/posted']) expect((await post(path)).status).toBe(201)
    const before = await served()
    await killed()

    await start(runtime)
    expect(await served()).toEqual(before)
    expect([await reached('/posted'), await reached('/first')]).toEqual([true, false])
    expect((await post('/posted', '?check_hash=1')).status).toBe(304)
    expect((await post('/other', '?check_hash=1')).status).toBe(201)
  }, 60_000)
})

// A Worker has no folder, no file and no processes beside it.
const machines = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(machines)('what was posted to /config on %s', (runtime) => {
  it('gives way to a kong.yaml, for good', async () => {
    dataDir = mkdtempSync(join(folder, runtime))
    const config = join(folder, `${runtime}.yaml`)
    writeFileSync(config, kongYaml('/file'))
    await start(runtime)
    await post('/posted')
    await killed()
    await start(runtime, { config })
    expect([await reached('/file'), await reached('/posted')]).toEqual([true, false])
    await killed()
    await start(runtime)
    expect([await reached('/file'), await reached('/posted')]).toEqual([false, false])
    expect(await hash()).toBe('0'.repeat(32))
  }, 60_000)

  it('is the same in all processes, before and after a kill', async () => {
    dataDir = mkdtempSync(join(folder, runtime))
    const settings = { ...OFF, workers: '2' }
    await start(runtime, { settings })
    await post('/posted')
    const before = await hash()
    const hashes = async () => new Set(await Promise.all(Array.from({ length: 20 }, hash)))
    expect(await hashes()).toEqual(new Set([before]))
    expect(readdirSync(dataDir).sort()).toEqual(['config.lock', 'config.posted'])
    await killed()
    await start(runtime, { settings })
    expect(await hashes()).toEqual(new Set([before]))
    expect(before).not.toBe('0'.repeat(32))
    const answers = await Promise.all(Array.from({ length: 20 }, () => reached('/posted')))
    expect(new Set(answers)).toEqual(new Set([true]))
  }, 60_000)

  it('is served although it cannot be kept, and the log tells so', async () => {
    const file = join(folder, `${runtime}-no-folder`)
    writeFileSync(file, '')
    dataDir = join(file, 'data')
    await start(runtime)
    expect((await post('/posted')).status).toBe(201)
    expect(await reached('/posted')).toBe(true)
    expect(gateway?.stderr()).toContain('[warn] Cannot keep what was posted to /config')
  }, 60_000)

  it('is set aside when the file is damaged, and the gateway starts without it', async () => {
    dataDir = mkdtempSync(join(folder, runtime))
    await start(runtime)
    await post('/posted')
    await killed()
    const file = join(dataDir, 'config.posted')
    writeFileSync(file, readFileSync(file).subarray(0, -9))
    await start(runtime)
    expect(await reached('/posted')).toBe(false)
    expect(gateway?.stderr()).toContain(`set aside as "${file}.damaged"`)
    expect((await post('/posted')).status).toBe(201)
    await killed()
    await start(runtime)
    expect(await reached('/posted')).toBe(true)
  }, 60_000)
})
