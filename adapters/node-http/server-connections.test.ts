import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ConnectionCounts } from '../../src/ports/connections.ts'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import type { Listening, ListenOptions } from './server.ts'
import { serverRig } from './server-rig.fixture.ts'

const rig = serverRig()

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const OK: Answer = { status: 200, reason: '', headers: ['Content-Length', '0'], body: undefined }

async function serve(handle: ListenOptions['handle'], more: Partial<ListenOptions> = {}) {
  const listening = await rig.serve(handle, more)
  return { listening, client: () => rig.client(listening) }
}

/** Waits until they stand as expected; what they are like if they never do. */
async function become({ connections }: Listening, expected: Partial<ConnectionCounts>) {
  const stand = () => {
    const counts: Partial<ConnectionCounts> = connections?.() ?? {}
    const names = Object.keys(expected)
    return Object.fromEntries(Object.entries(counts).filter(([name]) => names.includes(name)))
  }
  await expect.poll(stand, { interval: 5, timeout: 3000 }).toEqual(expected)
}

it.each<[string, Partial<ListenOptions>]>([
  ['a plain listener', {}],
  ['one that tells HTTP/2 from HTTP/1', { http2: true }],
])('%s tells what its connections are at', async (_, more) => {
  let answer: (answer: Answer) => void = () => {}
  const held = (): Promise<Answer> => new Promise((resolve) => (answer = resolve))
  const { listening, client } = await serve(held, more)
  await become(listening, { accepted: 0, handled: 0, active: 0 })

  const asking = client().send(GET)
  await become(listening, { active: 1, reading: 0, writing: 1, waiting: 0 })
  const reading = client().send('GET / HTT')
  await become(listening, { active: 2, reading: 1, writing: 1, waiting: 0 })
  answer(OK)
  await asking.until('\r\n\r\n')
  await become(listening, { active: 2, reading: 1, writing: 0, waiting: 1 })
  for (const { socket } of [asking, reading]) socket.destroy()
  await become(listening, { accepted: 2, handled: 2, active: 0, reading: 0, waiting: 0 })
})

it('tells those that were too many from those it served', async () => {
  const { listening, client } = await serve(() => OK, { limits: { maxConnections: 1 } })
  await client().send(GET).until('\r\n\r\n')
  client().send(GET)
  await become(listening, { accepted: 2, handled: 1, active: 1, waiting: 1 })
})

it('knows no address of its own on a socket in the file system', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-local-'))
  const path = join(folder, 'a.sock')
  const asked = new Promise<ClientRequest>((resolve) => {
    const handle = (request: ClientRequest) => {
      resolve(request)
      return OK
    }
    void rig.serve(handle, { path }).then(() => createConnection(path).end(GET))
  })
  const { ip, localIp } = await asked
  expect([ip, localIp]).toEqual(['unix:', undefined])
  rmSync(folder, { recursive: true })
})
