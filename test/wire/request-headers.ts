import { expect } from 'vitest'
import { requestText } from './raw-client.ts'
import type { WireCase, World } from './world.ts'

interface Row {
  readonly name: string
  readonly sent?: string
  readonly path?: string
  readonly trusted?: boolean
  readonly place?: string
  /** Header -> its values at the target; `PORT` stands for the listener's port. */
  readonly up: Readonly<Record<string, readonly string[]>>
}

const FORGED =
  'X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: Evil.test\r\n' +
  'X-Forwarded-Port: 1\r\nX-Forwarded-Path: /evil\r\nX-Forwarded-Prefix: /pre\r\n'

/** Kong §2.1: what the target is told of the client and the way. */
const ROWS: readonly Row[] = [
  {
    name: 'tells a stranger by its address',
    up: { 'X-Forwarded-For': ['127.0.0.1'], 'X-Real-IP': ['127.0.0.1'] },
  },
  {
    name: 'appends the address to what a stranger says',
    sent: 'X-Forwarded-For: 9.9.9.9, 8.8.8.8\r\n',
    up: { 'X-Forwarded-For': ['9.9.9.9, 8.8.8.8, 127.0.0.1'], 'X-Real-IP': ['127.0.0.1'] },
  },
  {
    name: 'joins several X-Forwarded-For',
    sent: 'X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 8.8.8.8\r\n',
    up: { 'X-Forwarded-For': ['9.9.9.9, 8.8.8.8, 127.0.0.1'] },
  },
  {
    name: 'replaces what a stranger says of scheme, host, port and path',
    sent: FORGED,
    path: '/a/b?c=d',
    up: {
      'X-Forwarded-Proto': ['http'],
      'X-Forwarded-Host': ['echo.test'],
      'X-Forwarded-Port': ['PORT'],
      'X-Forwarded-Path': ['/a/b'],
      'X-Forwarded-Prefix': [],
    },
  },
  {
    name: 'believes a trusted peer',
    sent: FORGED,
    trusted: true,
    up: {
      'X-Forwarded-For': ['9.9.9.9, 127.0.0.2'],
      'X-Forwarded-Proto': ['https'],
      'X-Forwarded-Host': ['Evil.test'],
      'X-Forwarded-Port': ['1'],
      'X-Forwarded-Path': ['/evil'],
      'X-Forwarded-Prefix': ['/pre'],
    },
  },
  {
    name: 'speaks for a trusted peer that says nothing',
    trusted: true,
    path: '/x',
    up: {
      'X-Forwarded-For': ['127.0.0.2'],
      'X-Real-IP': ['127.0.0.2'],
      'X-Forwarded-Proto': ['http'],
      'X-Forwarded-Host': ['echo.test'],
      'X-Forwarded-Port': ['PORT'],
      'X-Forwarded-Path': ['/x'],
    },
  },
  {
    name: 'takes the real address from a trusted peer',
    sent: 'X-Real-IP: 1.2.3.4\r\n',
    trusted: true,
    up: { 'X-Real-IP': ['1.2.3.4'], 'X-Forwarded-For': ['1.2.3.4'] },
  },
  {
    name: 'takes no real address from a stranger',
    sent: 'X-Real-IP: 1.2.3.4\r\n',
    up: { 'X-Real-IP': ['127.0.0.1'], 'X-Forwarded-For': ['127.0.0.1'] },
  },
  {
    name: 'takes no nonsense for an address',
    sent: 'X-Real-IP: unknown\r\n',
    trusted: true,
    up: { 'X-Real-IP': ['127.0.0.2'] },
  },
  {
    name: 'says the path as it was sent',
    path: '/a/%41/../b',
    up: { 'X-Forwarded-Path': ['/a/%41/../b'] },
  },
  {
    name: 'says the host in lower case and without its port',
    place: 'echo.test:8000',
    up: { 'X-Forwarded-Host': ['echo.test'], 'X-Forwarded-Port': ['PORT'] },
  },
  {
    name: 'names the stripped prefix',
    place: 'a.paths',
    path: '/u/x',
    up: { 'X-Forwarded-Prefix': ['/u'] },
  },
  {
    name: 'names the prefix a regex stripped',
    place: 'j.paths',
    path: '/n/42/x',
    up: { 'X-Forwarded-Prefix': ['/n/42'] },
  },
  {
    name: 'names no prefix that stays',
    place: 'e.paths',
    path: '/u/x',
    up: { 'X-Forwarded-Prefix': [] },
  },
  { name: 'names no prefix /', place: 'k.paths', path: '/x', up: { 'X-Forwarded-Prefix': [] } },
  {
    name: 'overwrites the request id',
    sent: 'X-Kong-Request-Id: mine\r\nx-kong-request-id: mine2\r\n',
    up: { 'X-Kong-Request-Id': ['ID'] },
  },
  { name: 'says the way in Via', up: { Via: ['VIA'] } },
  { name: 'appends to Via', sent: 'Via: 1.0 first\r\n', up: { Via: ['1.0 first, VIA'] } },
  {
    name: 'asks for trailers where the client does',
    sent: 'TE: gzip;q=0.5, trailers\r\nConnection: TE\r\n',
    up: { TE: ['trailers'] },
  },
  { name: 'drops any other TE', sent: 'TE: gzip\r\nConnection: TE\r\n', up: { TE: [] } },
  { name: 'sends Connection of its own', up: { Connection: ['keep-alive'] } },
  {
    name: 'keeps names, values and order of what it does not know',
    sent: 'X-b: 1\r\nX_under: 2\r\nx-B: 3\r\nX-Empty:\r\nX-Tabs:\t a\tb \t\r\n',
    up: { 'X-b': ['1', '3'], X_under: ['2'], 'X-Empty': [''], 'X-Tabs': ['a\tb'] },
  },
  {
    name: 'keeps cookies in their lines',
    sent: 'Cookie: a=1\r\nCookie: b=2\r\n',
    up: { Cookie: ['a=1', 'b=2'] },
  },
  {
    name: 'keeps bytes that are no ASCII',
    sent: 'X-Bytes: caf\xe9 \xc3\xa9\r\n',
    up: { 'X-Bytes': ['caf\xe9 \xc3\xa9'] },
  },
  {
    name: 'adds nothing a client did not say',
    up: {
      'User-Agent': [],
      Accept: [],
      'Accept-Encoding': [],
      'Content-Length': [],
      'Content-Type': [],
      'Transfer-Encoding': [],
    },
  },
  {
    name: 'leaves Accept-Encoding and Range alone',
    sent: 'Accept-Encoding: zstd, br;q=0.1\r\nRange: bytes=0-1\r\nIf-None-Match: "a"\r\n',
    up: {
      'Accept-Encoding': ['zstd, br;q=0.1'],
      Range: ['bytes=0-1'],
      'If-None-Match': ['"a"'],
    },
  },
  {
    name: 'leaves Authorization alone',
    sent: 'Authorization: Basic YTpi\r\n',
    up: { Authorization: ['Basic YTpi'] },
  },
]

const VIA = /1\.1 (kong|gibbon)\/[\w.-]+$/

async function check(world: World, row: Row): Promise<void> {
  const { place = 'echo.test', path = '/', sent = '', trusted = false } = row
  const { up } = await world.exchange(requestText(`GET ${path}`, place, sent), { trusted })
  const seen = up()
  const wanted = Object.fromEntries(
    Object.entries(row.up).map(([name, values]) => [
      name,
      values.map((value) => value.replace('PORT', `${world.gateway.proxyPort}`)),
    ]),
  )
  const got = Object.fromEntries(
    Object.keys(row.up).map((name) => [
      name,
      seen.values(name).map((value) => {
        if (name === 'Via') return value.replace(VIA, 'VIA')
        return name === 'X-Kong-Request-Id' && /^[0-9a-f]{32}$/.test(value) ? 'ID' : value
      }),
    ]),
  )
  expect(got).toEqual(wanted)
}

const STORIES: readonly WireCase[] = [
  {
    name: 'tells target and client the same request id',
    run: async ({ get }) => {
      const { answer, up } = await get('/')
      expect(answer.values('x-kong-request-id')).toEqual(up().values('x-kong-request-id'))
    },
  },
  {
    name: 'keeps the case of header names',
    run: async ({ get }) => {
      const { up } = await get('/', 'x-LoWeR: 1\r\n')
      expect(up().headers.map(([name]) => name)).toContain('x-LoWeR')
    },
  },
  {
    name: 'passes 90 headers and 12 KB of them',
    run: async ({ get }) => {
      const many = Array.from({ length: 90 }, (_, i) => `X-Many-${i}: ${'v'.repeat(120)}\r\n`)
      const { answer, up } = await get('/', many.join(''))
      expect(answer.status).toBe(200)
      const kept = up().headers.filter(([name]) => /^x-many-/i.test(name))
      expect(kept.length).toBe(90)
    },
  },
  {
    name: 'refuses a head beyond all measure',
    run: async ({ get, target }) => {
      const { answer } = await get('/', `X-Long: ${'v'.repeat(40_000)}\r\n`)
      expect([answer.status, target.paths]).toEqual([400, []])
      expect(answer.text).toContain('Bad request')
    },
  },
  {
    name: 'refuses a header line of 10 KiB, as nginx does',
    run: async ({ get, target }) => {
      const { answer } = await get('/', `X-Long: ${'v'.repeat(10_240)}\r\n`)
      expect([answer.status, target.paths]).toEqual([400, []])
      expect(answer.text).toContain('Bad request')
    },
  },
  {
    name: 'refuses a target of 10 KiB in plain words',
    run: async ({ get, target }) => {
      const { answer } = await get(`/${'x'.repeat(10_240)}`)
      expect([answer.status, target.paths]).toEqual([414, []])
      expect(answer.text).toContain('URI too long')
    },
  },
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT'].map(
    (method): WireCase => ({
      name: `passes the method ${method}`,
      run: async ({ exchange }: World) => {
        const { answer, up } = await exchange(requestText(`${method} /`, 'echo.test'), { method })
        expect([answer.status, up().method]).toEqual([200, method])
      },
    }),
  ),
  {
    name: 'refuses TRACE',
    run: async ({ exchange, target }) => {
      const { answer } = await exchange(requestText('TRACE /', 'echo.test'))
      expect([answer.status, target.paths]).toEqual([405, []])
    },
  },
  {
    name: 'refuses CONNECT',
    run: async ({ exchange, target }) => {
      const { answer } = await exchange(requestText('CONNECT echo.test:80', 'echo.test'))
      expect([answer.status, target.paths]).toEqual([405, []])
    },
  },
]

/** Cases of the headers to the target. */
export const requestHeaderCases: readonly WireCase[] = [
  ...ROWS.map((row) => ({ name: row.name, run: (world: World) => check(world, row) })),
  ...STORIES,
]
