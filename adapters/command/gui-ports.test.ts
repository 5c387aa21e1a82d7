import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gateway } from '../../src/gateway.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import { parseListens } from '../../src/settings/listen.ts'
import { readSettings } from '../../src/settings/read.ts'
import { openPorts } from './ports.ts'

let taken: Server
let port: number
beforeAll(async () => {
  taken = createServer()
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
  const address = taken.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => taken.close())

/** Nobody is asked anything here. */
const gateway = {} as Gateway

const open = (listen: string, { chosen = true, admin = '127.0.0.1:0' } = {}) => {
  const read = readSettings([new Map([['proxy_listen', 'off']])])
  if (!read.ok) throw new Error(read.errors.join())
  const said: string[] = []
  const runtime = { log: (_level, text) => said.push(text), uuid: () => '' } as Partial<Runtime>
  const adminListen = parseListens('admin_listen', admin).listens
  const adminGui = {
    ...read.process.adminGui,
    listens: parseListens('admin_gui_listen', listen).listens,
    chosen,
  }
  const settings = { ...read.process, adminListen, adminGui }
  return openPorts(gateway, settings, read.settings, runtime as Runtime).then((ports) => ({
    ports,
    said,
  }))
}

describe('admin_gui_listen', () => {
  it('ends the start where somebody asked for a port that is in use', async () => {
    await expect(open(`127.0.0.1:${port}`)).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: the port is in use; choose another with admin_gui_listen`,
    )
  })

  it('does without its port where nobody asked for it', async () => {
    const { ports, said } = await open(`127.0.0.1:${port}`, { chosen: false })
    expect(ports.manager).toEqual([])
    expect(said).toEqual([
      `The Manager is under /manager of the Admin API alone: cannot listen on 127.0.0.1:${port}: the port is in use; choose another with admin_gui_listen`,
    ])
    await ports.stop(0)
  })

  it.each([
    { listen: '127.0.0.1:0', chosen: false, admin: '127.0.0.1:0', count: 1 },
    { listen: '127.0.0.1:0', chosen: false, admin: 'off', count: 0 },
    { listen: '127.0.0.1:0', chosen: true, admin: 'off', count: 1 },
    { listen: 'off', chosen: true, admin: '127.0.0.1:0', count: 0 },
  ])('opens $count of $listen, chosen: $chosen, beside admin_listen $admin', async (row) => {
    const { ports } = await open(row.listen, row)
    expect(ports.manager).toHaveLength(row.count)
    await ports.stop(0)
  })
})
