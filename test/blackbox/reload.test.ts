import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-reload-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kongYaml = (port: number, path = '/mock'): string => `_format_version: "3.0"
services:
- name: example_service
  host: 127.0.0.1
  port: ${port}
  routes:
  - name: mocking
    paths: [${path}]
`

let targets: Target[]
let gateway: RunningGateway | undefined

beforeEach(async () => {
  targets = await Promise.all([startTarget('a'), startTarget('b')])
})
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
  await Promise.all(targets.map((target) => target.close()))
})

/** The target that answers; empty when no route matches. */
const served = async (path = '/mock') => {
  const { headers } = await ask(`${gateway?.proxyUrl}${path}`)
  return headers['x-target'] ?? ''
}
const servedBy = (name: string, path = '/mock') =>
  until(
    () => ask(`${gateway?.proxyUrl}${path}`),
    (got) => (got.headers['x-target'] ?? '') === name,
    10_000,
  )
const said = (text: string) =>
  until(
    async () => ({ ...(await ask(`${gateway?.adminUrl}/status`)), body: gateway?.stderr() ?? '' }),
    ({ body }) => body.includes(text),
    10_000,
  )
const portOf = (i: number) => targets[i]?.port ?? 0

// A Worker has no file to watch.
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(runtimes)('a kong.yaml that changes, on %s', (runtime) => {
  it('is served as it is now, and the log tells the difference', async () => {
    const file = join(folder, `${runtime}.yaml`)
    writeFileSync(file, kongYaml(portOf(0)))
    gateway = await startGateway(runtime, { config: file })
    expect(await served()).toBe('a')

    writeFileSync(file, kongYaml(portOf(1)))
    expect((await servedBy('b')).headers['x-target']).toBe('b')
    expect((await said('~ services')).body).toContain('~ services example_service port')

    // As an editor does: the new file takes the old one's place.
    writeFileSync(`${file}.new`, kongYaml(portOf(1), '/moved'))
    renameSync(`${file}.new`, file)
    await servedBy('b', '/moved')
    expect([await served('/moved'), await served()]).toEqual(['b', ''])
    expect((await said('~ routes')).body).toContain('~ routes mocking paths')
  }, 60_000)

  it('changes nothing while it is bad, and the log tells the lines', async () => {
    const file = join(folder, `bad-${runtime}.yaml`)
    writeFileSync(file, kongYaml(portOf(0)))
    gateway = await startGateway(runtime, { config: file })
    writeFileSync(file, kongYaml(portOf(1)).replace('port: ', 'prot: '))
    const { body } = await said('the old config stays')
    expect((await said('services.1.prot')).body).toContain(
      `${file}:5:3: services.1.prot: unknown field (did you mean 'port')`,
    )
    expect(body).not.toContain('    at ')
    expect(await served()).toBe('a')

    writeFileSync(file, kongYaml(portOf(1)))
    expect((await servedBy('b')).headers['x-target']).toBe('b')
  }, 60_000)

  it('is followed through the links of a ConfigMap', async () => {
    const mount = join(folder, `mount-${runtime}`)
    mkdirSync(mount)
    const release = (name: string, text: string) => {
      mkdirSync(join(mount, name))
      writeFileSync(join(mount, name, 'kong.yaml'), text)
      symlinkSync(name, join(mount, '..next'))
      renameSync(join(mount, '..next'), join(mount, '..data'))
    }
    release('..first', kongYaml(portOf(0)))
    symlinkSync(join('..data', 'kong.yaml'), join(mount, 'kong.yaml'))
    gateway = await startGateway(runtime, { config: join(mount, 'kong.yaml') })
    expect(await served()).toBe('a')

    release('..second', kongYaml(portOf(1)))
    expect((await servedBy('b')).headers['x-target']).toBe('b')
  }, 60_000)

  it('is left alone where that was asked for, but for SIGHUP', async () => {
    const file = join(folder, `still-${runtime}.yaml`)
    writeFileSync(file, kongYaml(portOf(0)))
    gateway = await startGateway(runtime, {
      config: file,
      settings: { declarative_watch: 'off' },
    })
    writeFileSync(file, kongYaml(portOf(1)))
    process.kill(gateway.pid, 'SIGHUP')
    expect((await servedBy('b')).headers['x-target']).toBe('b')
    const { body } = await said('SIGHUP: serving')
    expect(body).not.toContain('file changed')
  }, 60_000)
})

it('says at start where a file is wrong', () => {
  const file = join(folder, 'wrong.yaml')
  writeFileSync(file, '_format_version: "3.0"\nservices:\n- name: a b\n  port: x\n')
  const { status, stderr } = spawnSync(
    process.execPath,
    ['dist/adapters/node/main.js', 'start', file],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '' },
    },
  )
  expect(status).toBe(1)
  expect(stderr).toContain(`gibbon: cannot start: ${file} cannot be served`)
  expect(stderr).toContain(`${file}:4:3: services.1.port: expected an integer`)
})
