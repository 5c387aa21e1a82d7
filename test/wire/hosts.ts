import { expect } from 'vitest'
import { requestText } from './raw-client.ts'
import type { WireCase } from './world.ts'

/** Kong §2.3: which Host a target is asked for; `PORT` stands for the target's. */
const ROWS: readonly (readonly [name: string, sent: string, host: string])[] = [
  ["asks for the service's address", 'echo.test', '127.0.0.1:PORT'],
  ["asks for the service's name", 'name.test', 'localhost:PORT'],
  ["asks for the target's name", 'pool.test', 'localhost:PORT'],
  ["asks for the target's address", 'pool-ip.test', '127.0.0.1:PORT'],
  ["asks for the Upstream's host_header", 'hosted.test', 'own.test:PORT'],
  ["asks for the client's Host where it is kept", 'keep.test', 'keep.test'],
  ["keeps the client's Host with its port", 'keep.test:1234', 'keep.test:1234'],
]

/** Hosts no server may have. */
const REFUSED: readonly string[] = ['a/b', 'user@echo.test', 'a?b', 'a#b', 'a b', '', 'a\\b', 'a,b']

/** Cases of the Host header. */
export const hostCases: readonly WireCase[] = [
  ...ROWS.map(
    ([name, sent, host]): WireCase => ({
      name,
      run: async ({ exchange, target }) => {
        const { up } = await exchange(requestText('GET /', sent))
        expect(up().values('host')).toEqual([host.replace('PORT', `${target.port}`)])
      },
    }),
  ),
  ...REFUSED.map(
    (host): WireCase => ({
      name: `refuses the Host "${host}"`,
      run: async ({ exchange, target }) => {
        const { answer } = await exchange(requestText('GET /', host))
        expect([answer.status, target.paths]).toEqual([400, []])
      },
    }),
  ),
  {
    name: 'finds a route whatever the port in Host',
    run: async ({ exchange }) => {
      const { answer } = await exchange(requestText('GET /', 'echo.test:4321'))
      expect(answer.status).toBe(200)
    },
  },
]
