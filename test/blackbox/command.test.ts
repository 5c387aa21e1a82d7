import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startGateway } from '../runtimes/start.ts'
import { ask, until } from './client.ts'
import { startTarget } from './target.ts'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kongYaml = (port: number): string => `_format_version: "1.1"
upstreams:
- name: example_upstream
  targets:
  - target: 127.0.0.1:${port}
services:
- name: example_service
  host: example_upstream
  routes:
  - name: mocking
    paths: [/mock]
`

/** Runs the built command to its end. */
function gibbon(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/adapters/node/main.js', ...words], {
      env: { PATH: process.env.PATH, ...env },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

describe('the command', () => {
  it('teaches', async () => {
    const { code, out } = await gibbon(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('gibbon start kong.yaml')
  })

  it.each([
    [['strat'], 'unknown command "strat"'],
    [['start', '--nope', '1'], 'unknown flag --nope'],
    [['start', '--proxy-listen', 'x'], 'proxy_listen: cannot read "x"'],
    [
      ['start', '--database', 'postgres'],
      "database has an invalid value: 'postgres' (file, memory, off)",
    ],
    [['start', 'missing.yaml', '--database', 'file'], 'declarative_config: a file is served with'],
    [['start', 'missing.yaml'], 'cannot start'],
    [['start', '--data-dir', '/proc/nowhere'], 'cannot start'],
  ])('ends %j with one clear line', async (words, line) => {
    const { code, err } = await gibbon(words)
    expect(code).toBe(1)
    expect(err).toContain(line)
    expect(err).not.toContain('    at ')
  })

  it('ends when a port is in use', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, err } = await gibbon(['start'], {
      KONG_PROXY_LISTEN: `127.0.0.1:${port}`,
      KONG_ADMIN_LISTEN: 'off',
      KONG_ADMIN_GUI_LISTEN: 'off',
      KONG_DATABASE: 'memory',
    })
    server.close()
    expect([code, err.includes('the port is in use')]).toEqual([1, true])
  })

  it('checks a file, and names every error of a bad one', async () => {
    const good = join(folder, 'good.yaml')
    const bad = join(folder, 'bad.yaml')
    writeFileSync(good, kongYaml(9001))
    writeFileSync(bad, '_format_version: "3.0"\nservices:\n- name: a b\n  port: x\n')
    expect(await gibbon(['check', good])).toMatchObject({ code: 0 })
    const { code, err } = await gibbon(['check', bad])
    expect(code).toBe(1)
    expect(err).toContain('port: expected an integer')
    expect(err).toContain('host: required field missing')
  })

  it.each(['node', 'bun', 'deno'] as const)(
    'serves a kong.yaml and reloads it on %s',
    async (runtime) => {
      const [a, b] = await Promise.all([startTarget('a'), startTarget('b')])
      const file = join(folder, `${runtime}.yaml`)
      writeFileSync(file, kongYaml(a.port))
      const gateway = await startGateway(runtime, { config: file })
      const get = () => ask(`${gateway.proxyUrl}/mock`)
      expect((await get()).headers['x-target']).toBe('a')

      writeFileSync(file, 'services: [')
      process.kill(gateway.pid, 'SIGHUP')
      const told = await until(
        async () => ({ ...(await get()), body: gateway.stderr() }),
        ({ body }) => body.includes('the old config stays'),
      )
      expect(told.body).toContain('the old config stays')
      expect((await get()).headers['x-target']).toBe('a')

      writeFileSync(file, kongYaml(b.port))
      process.kill(gateway.pid, 'SIGHUP')
      const moved = await until(get, (got) => got.headers['x-target'] === 'b')
      expect(moved.headers['x-target']).toBe('b')
      await Promise.all([gateway.stop(), a.close(), b.close()])
    },
    60_000,
  )

  it.each(['node', 'bun', 'deno'] as const)(
    'finishes what is under way on SIGTERM on %s',
    async (runtime) => {
      const target = await startTarget('t')
      const file = join(folder, `term-${runtime}.yaml`)
      writeFileSync(file, kongYaml(target.port))
      const gateway = await startGateway(runtime, { config: file })
      let arrived: () => void = () => {}
      const underWay = new Promise<void>((resolve) => {
        arrived = resolve
      })
      target.manner = (_, response) => {
        arrived()
        setTimeout(() => response.end('finished'), 500)
      }
      const answer = ask(`${gateway.proxyUrl}/mock`)
      await underWay
      const stopped = gateway.stop()
      expect((await answer).body).toBe('finished')
      await stopped
      await target.close()
    },
    60_000,
  )
})
