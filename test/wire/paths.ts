import { expect } from 'vitest'
import { requestText } from './raw-client.ts'
import type { WireCase } from './world.ts'

/** Kong §1.2: what a path becomes before it is matched, which is also what goes upstream. */
const PATHS: readonly (readonly [sent: string, up: string])[] = [
  ['/', '/'],
  ['/a/b', '/a/b'],
  ['/a/./b', '/a/b'],
  ['/a/../b', '/b'],
  ['/a//b', '/a/b'],
  ['//', '/'],
  ['/a/.', '/a/'],
  ['/a/..', '/'],
  ['/a/', '/a/'],
  ['/a/b/../../c/', '/c/'],
  ['/a/%2e%2e/b', '/b'],
  ['/a/.%2E/b', '/b'],
  ['/a/...', '/a/...'],
  ['/%61%7Ab', '/azb'],
  ['/%7Euser%2Dx%5F%2E', '/~user-x_.'],
  ['/a%2fb', '/a%2Fb'],
  ['/a%3fb%23c', '/a%3Fb%23c'],
  ['/100%25', '/100%25'],
  ['/a%2541', '/a%2541'],
  ['/a%3b%40%3a%26', '/a%3B%40%3A%26'],
  ["/a;v=1:@!$&'()*+,=", "/a;v=1:@!$&'()*+,="],
  ['/a%20b', '/a%20b'],
  ['/%c3%a9', '/%C3%A9'],
  ['/%22%3c%3e', '/%22%3C%3E'],
  ['/a%0d%0ab', '/a%0D%0Ab'],
  ['/a%7cb%5ec%60', '/a%7Cb%5Ec%60'],
  ['/a%5cb', '/a%5Cb'],
  ['/a|b', '/a%7Cb'],
  ['/a\\..\\b', '/a%5C..%5Cb'],
  ['/%7b%7D', '/%7B%7D'],
  ['/index.html.', '/index.html.'],
]

/** The query goes up byte for byte. */
const QUERIES: readonly string[] = [
  '?a=1&b=2',
  '?',
  '??a=b?',
  '?a=%zz%',
  '?a=/../b//c/./d',
  '?%41=%2e%2E&x=%2f',
  '?q=a+b%20c',
  '?;,:@!$()*/',
  '?a=1&a=2&a',
  '?a="<b>"',
  '?a=|^`{}\\',
]

/** What nginx refuses in front of Kong. */
const REFUSED: readonly string[] = [
  '/%zz',
  '/%',
  '/%4',
  '/a%00b',
  '/../a',
  '/a/../../b',
  '/%2e%2e/a',
]

const OTHER_FORMS: readonly WireCase[] = [
  {
    name: 'takes an absolute target, whose host counts',
    run: async ({ exchange }) => {
      const { answer, up } = await exchange(
        requestText('GET http://echo.test/a/../b?c', 'nobody.test'),
      )
      expect([answer.status, up().target]).toEqual([200, '/b?c'])
    },
  },
  {
    name: 'takes an absolute target without a path',
    run: async ({ exchange }) => {
      const { up } = await exchange(requestText('GET http://echo.test', 'echo.test'))
      expect(up().target).toBe('/')
    },
  },
  {
    name: 'refuses OPTIONS *',
    run: async ({ exchange, target }) => {
      const { answer } = await exchange(requestText('OPTIONS *', 'echo.test'))
      expect([answer.status, target.paths]).toEqual([400, []])
    },
  },
  {
    name: 'takes a path of 8000 bytes',
    run: async ({ get }) => {
      const path = `/${'a'.repeat(8000)}`
      expect((await get(path)).up().target).toBe(path)
    },
  },
]

/** Cases of the request target. */
export const pathCases: readonly WireCase[] = [
  ...PATHS.map(
    ([sent, wanted]): WireCase => ({
      name: `path ${sent} goes up as ${wanted}`,
      run: async ({ get }) => {
        expect((await get(sent)).up().target).toBe(wanted)
      },
    }),
  ),
  ...QUERIES.map(
    (query): WireCase => ({
      name: `query ${query} goes up as it is`,
      run: async ({ get }) => {
        expect((await get(`/p${query}`)).up().target).toBe(`/p${query}`)
      },
    }),
  ),
  ...REFUSED.map(
    (path): WireCase => ({
      name: `path ${path} is refused`,
      run: async ({ get, target }) => {
        expect([(await get(path)).answer.status, target.paths]).toEqual([400, []])
      },
    }),
  ),
  ...OTHER_FORMS,
]
