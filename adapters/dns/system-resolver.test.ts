import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeServer, openFakeServer } from '../../test/dns/fake-server.ts'
import { createSystemResolver } from './system-resolver.ts'

let folder: string
let server: FakeServer
let now = 0

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gibbon-dns-'))
  server = await openFakeServer()
  now = 1_000_000
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

function open() {
  const [hostsFile, resolvConf] = [join(folder, 'hosts'), join(folder, 'resolv.conf')]
  return {
    hosts: (text: string) => writeFileSync(hostsFile, text),
    conf: (text: string) => writeFileSync(resolvConf, text),
    resolver: createSystemResolver({ hostsFile, resolvConf, now: () => now }),
  }
}

describe('the resolver of a machine', () => {
  it('asks the servers of resolv.conf', async () => {
    const { conf, resolver } = open()
    conf(`nameserver ${server.host}:${server.port}`)
    server.set('a.example', 'A', [{ type: 'A', value: '10.0.0.1' }])
    expect(await resolver.query('a.example', 'A')).toMatchObject({
      ok: true,
      records: [{ address: '10.0.0.1', ttl: 60 }],
    })
  })

  it('waits as long and asks as often as resolv.conf says', async () => {
    const { conf, resolver } = open()
    conf(`nameserver ${server.host}:${server.port}\noptions timeout:1 attempts:1`)
    server.otherwise({ silent: true })
    const answer = await resolver.query('a.example', 'A')
    expect(answer).toEqual({ ok: false, reason: 'timeout' })
    expect(server.asked).toHaveLength(1)
  })

  it('asks servers that were chosen in their place', async () => {
    const servers = [{ host: server.host, port: server.port }]
    // A folder is no file that could be read.
    const resolver = createSystemResolver({ hostsFile: folder, resolvConf: folder, servers })
    expect(await resolver.query('a.example', 'A')).toEqual({ ok: false, reason: 'nxdomain' })
    expect(await resolver.machine?.()).toEqual({ hosts: new Map(), search: [], ndots: 1 })
  })

  it('tells the hosts file and the search domains, and sees them change', async () => {
    const { hosts, conf, resolver } = open()
    hosts('10.0.0.1 a.example')
    conf('search one.local')
    const before = await resolver.machine?.()
    expect(before?.hosts.get('a.example')).toEqual(['10.0.0.1'])
    expect(before?.search).toEqual(['one.local'])

    hosts('10.0.0.2 a.example')
    now += 4_999
    expect((await resolver.machine?.())?.hosts).toBe(before?.hosts)
    now += 1
    const after = await resolver.machine?.()
    expect(after?.hosts.get('a.example')).toEqual(['10.0.0.2'])

    now += 5_000
    expect((await resolver.machine?.())?.hosts).toBe(after?.hosts)
  })

  it('does without the files', async () => {
    const { resolver } = open()
    expect(await resolver.machine?.()).toEqual({ hosts: new Map(), search: [], ndots: 1 })
  })
})
