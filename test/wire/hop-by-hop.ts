import { expect } from 'vitest'
import { plain } from './scripted-target.ts'
import type { WireCase } from './world.ts'

/** What ends at the gateway on the way up. */
const UP: readonly (readonly [name: string, sent: string])[] = [
  ['X-Hop', 'Connection: X-Hop\r\nX-Hop: 1\r\n'],
  ['X-Hop', 'Connection: close, x-hop\r\nX-Hop: 1\r\n'],
  ['X-Hop', 'Connection: keep-alive\r\nConnection: ,X-HOP ,\r\nX-Hop: 1\r\n'],
  ['Keep-Alive', 'Keep-Alive: timeout=5\r\n'],
  ['Proxy', 'Proxy: http://evil.test\r\n'],
  ['Proxy-Connection', 'Proxy-Connection: keep-alive\r\n'],
  ['Upgrade', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'],
  ['HTTP2-Settings', 'Connection: HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'],
  ['Trailer', 'Trailer: X-T\r\n'],
  ['Proxy-Authorization', 'Proxy-Authorization: Basic eA==\r\n'],
]

/** What Connection cannot name away. */
const PROTECTED: readonly string[] = [
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Port',
  'X-Forwarded-Path',
  'X-Real-IP',
  'X-Kong-Request-Id',
  'Via',
  'Host',
]

/** What ends at the gateway on the way down. */
const DOWN: readonly (readonly [name: string, sent: string])[] = [
  ['X-Hop', 'Connection: X-Hop\r\nX-Hop: 1\r\n'],
  ['X-Hop', 'Connection: keep-alive, x-hop\r\nX-Hop: 1\r\n'],
  ['Proxy-Connection', 'Proxy-Connection: keep-alive\r\n'],
  ['Upgrade', 'Upgrade: h2c\r\n'],
  ['Trailer', 'Trailer: X-T\r\n'],
  ['Proxy-Authenticate', 'Proxy-Authenticate: Basic\r\n'],
  ['X-Accel-Buffering', 'X-Accel-Buffering: no\r\n'],
  ['X-Accel-Redirect', 'X-Accel-Redirect: /other\r\n'],
  ['X-Pad', 'X-Pad: 1\r\n'],
]

/** Cases of headers that belong to one connection. */
export const hopByHopCases: readonly WireCase[] = [
  ...UP.map(
    ([name, sent], i): WireCase => ({
      name: `drops ${name} on the way up (${i + 1})`,
      run: async ({ get }) => {
        const { answer, up } = await get('/', sent)
        expect([answer.status, up().values(name)]).toEqual([200, []])
      },
    }),
  ),
  ...PROTECTED.map(
    (name): WireCase => ({
      name: `lets nobody name ${name} away`,
      run: async ({ get }) => {
        const { answer, up } = await get('/', `Connection: close, ${name}\r\n`)
        expect([answer.status, up().values(name).length]).toEqual([200, 1])
      },
    }),
  ),
  ...DOWN.map(
    ([name, sent], i): WireCase => ({
      name: `drops ${name} on the way down (${i + 1})`,
      run: async ({ get }) => {
        const { answer } = await get('/', '', { answer: plain('ok', `${sent}X-Kept: 1\r\n`) })
        expect([answer.values(name), answer.values('X-Kept')]).toEqual([[], ['1']])
      },
    }),
  ),
  {
    name: "sends Keep-Alive of its own, not the target's",
    run: async ({ get }) => {
      const { answer } = await get('/', '', { answer: plain('ok', 'Keep-Alive: timeout=7777\r\n') })
      expect(answer.values('keep-alive').join()).not.toContain('7777')
    },
  },
  {
    name: 'keeps Content-Length although Connection names it',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: plain('ok', 'Connection: Content-Length\r\n'),
      })
      expect([answer.framing, answer.text]).toEqual(['length', 'ok'])
    },
  },
]
