import { expect } from 'vitest'
import { requestText } from './raw-client.ts'
import { plain } from './scripted-target.ts'
import type { WireCase } from './world.ts'

const VIA = /^1\.1 (kong|gibbon)\/[\w.-]+$/
const TOKEN = /^(kong|gibbon)\/[\w.-]+$/

const MIXED = 'X-Z: 1\r\nx-a: 2\r\nX-Z: 3\r\nX-Empty: \r\n'

/** Kong §2.2: what the gateway says beside the target's answer. */
export const responseHeaderCases: readonly WireCase[] = [
  {
    name: 'says both latencies in whole milliseconds',
    run: async ({ get }) => {
      const { answer } = await get('/')
      expect(answer.values('x-kong-upstream-latency').join()).toMatch(/^\d+$/)
      expect(answer.values('x-kong-proxy-latency').join()).toMatch(/^\d+$/)
      expect(answer.values('x-kong-response-latency')).toEqual([])
    },
  },
  {
    name: 'says its own Via, and its Server where the target says none',
    run: async ({ get }) => {
      const { answer } = await get('/')
      expect(answer.values('via').join()).toMatch(VIA)
      expect(answer.values('server').join()).toMatch(TOKEN)
    },
  },
  {
    name: "keeps the target's Server, and appends to its Via",
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: plain('ok', 'Server: own/1\r\nVia: 1.0 inner\r\n'),
      })
      expect(answer.values('server')).toEqual(['own/1'])
      expect(answer.values('via').join()).toMatch(/^1\.0 inner, 1\.1 (kong|gibbon)\//)
    },
  },
  {
    name: 'lets no target write its headers',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: plain(
          'ok',
          'X-Kong-Request-Id: theirs\r\nX-Kong-Proxy-Latency: x\r\nX-Kong-Upstream-Latency: x\r\n',
        ),
      })
      expect(answer.values('x-kong-request-id').join()).toMatch(/^[0-9a-f]{32}$/)
      expect(answer.values('x-kong-proxy-latency').join()).toMatch(/^\d+$/)
      expect(answer.values('x-kong-upstream-latency').join()).toMatch(/^\d+$/)
    },
  },
  {
    name: "says the target's status where asked to",
    run: async ({ get }) => {
      const { answer } = await get('/', '', { answer: plain('no', '', '418 Short') })
      expect(answer.values('x-kong-upstream-status')).toEqual(['418'])
    },
  },
  {
    name: 'says Server, response latency and id in answers of its own',
    run: async ({ exchange }) => {
      const { answer } = await exchange(requestText('GET /', 'nobody.test'))
      expect(answer.status).toBe(404)
      expect(answer.values('server').join()).toMatch(TOKEN)
      expect(answer.values('x-kong-response-latency').join()).toMatch(/^\d+$/)
      expect(answer.values('x-kong-request-id').join()).toMatch(/^[0-9a-f]{32}$/)
      expect(answer.values('via')).toEqual([])
      expect(answer.values('x-kong-upstream-latency')).toEqual([])
      expect(answer.values('date').length).toBe(1)
    },
  },
  {
    name: 'names route and service to a client that asks with Kong-Debug',
    run: async ({ get }) => {
      const { answer } = await get('/', 'Kong-Debug: 1\r\n')
      expect(answer.values('kong-route-name')).toEqual(['echo.test-route'])
      expect(answer.values('kong-service-name')).toEqual(['echo.test'])
      expect(answer.values('kong-route-id').join()).toMatch(/^[0-9a-f-]{36}$/)
      expect((await get('/')).answer.values('kong-route-name')).toEqual([])
    },
  },
  {
    name: 'keeps every Set-Cookie apart and in order',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: plain('ok', 'Set-Cookie: a=1; Path=/\r\nset-cookie: b=2, x\r\nSet-Cookie: a=3\r\n'),
      })
      expect(answer.values('set-cookie')).toEqual(['a=1; Path=/', 'b=2, x', 'a=3'])
    },
  },
  {
    name: "keeps the target's Date",
    run: async ({ get }) => {
      const date = 'Thu, 01 Jan 1970 00:00:01 GMT'
      const { answer } = await get('/', '', { answer: plain('ok', `Date: ${date}\r\n`) })
      expect(answer.values('date')).toEqual([date])
    },
  },
  {
    name: 'keeps names, values and repetition of headers',
    run: async ({ get }) => {
      const { answer } = await get('/', '', { answer: plain('ok', MIXED) })
      const own = answer.headers.filter(([name]) => /^x-(z|a|empty)$/i.test(name))
      expect(own.filter(([name]) => name === 'X-Z')).toEqual([
        ['X-Z', '1'],
        ['X-Z', '3'],
      ])
      expect(own.filter(([name]) => name !== 'X-Z')).toEqual([
        ['x-a', '2'],
        ['X-Empty', ''],
      ])
    },
  },
  {
    name: 'keeps headers of different names in their order',
    run: async ({ get }) => {
      const { answer } = await get('/', '', { answer: plain('ok', MIXED) })
      const own = answer.headers.filter(([name]) => /^x-(z|a|empty)$/i.test(name))
      expect(own.map(([name]) => name)).toEqual(['X-Z', 'x-a', 'X-Z', 'X-Empty'])
    },
  },
  {
    name: 'keeps bytes that are no ASCII in an answer',
    run: async ({ get }) => {
      const { answer } = await get('/', '', { answer: plain('ok', 'X-B: caf\xe9 \xc3\xa9\r\n') })
      expect(answer.values('x-b')).toEqual(['caf\xe9 \xc3\xa9'])
    },
  },
  {
    name: 'adds no type to an answer without one',
    run: async ({ get }) => {
      expect((await get('/')).answer.values('content-type')).toEqual([])
    },
  },
  {
    name: 'passes a head of 12 KB',
    run: async ({ get }) => {
      const { answer } = await get('/', '', {
        answer: plain('ok', `X-L: ${'l'.repeat(12_000)}\r\n`),
      })
      expect(answer.values('x-l').join().length).toBe(12_000)
    },
  },
  {
    name: 'takes Refresh, Location and Link as they are',
    run: async ({ get }) => {
      const headers = 'Location: http://inner.test:81/a b\r\nLink: <a>; rel=b\r\nRefresh: 0; /x\r\n'
      const { answer } = await get('/', '', { answer: plain('', headers, '302 Found') })
      expect([answer.status, answer.values('location'), answer.values('link')]).toEqual([
        302,
        ['http://inner.test:81/a b'],
        ['<a>; rel=b'],
      ])
    },
  },
]
