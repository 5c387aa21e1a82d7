import { expect } from 'vitest'
import { requestText } from './raw-client.ts'
import type { WireCase } from './world.ts'

type Form = 'json' | 'plain' | 'html' | 'xml'

const TYPES: Readonly<Record<Form, string>> = {
  json: 'application/json; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
}

const NO_ROUTE = 'no Route matched with those values'

/** Kong §2.4: the form of its own errors. */
const FORMS: readonly (readonly [headers: string, form: Form])[] = [
  ['', 'json'],
  ['Accept: */*\r\n', 'json'],
  ['Accept: application/json\r\n', 'json'],
  ['Accept: application/*\r\n', 'json'],
  ['Accept: image/png\r\n', 'json'],
  ['Accept: text/plain\r\n', 'plain'],
  ['Accept: text/*\r\n', 'plain'],
  ['Accept: text/html\r\n', 'html'],
  ['Accept: application/xml\r\n', 'xml'],
  ['Accept: text/html;q=0.1, text/plain;q=0.9\r\n', 'plain'],
  ['Accept: text/html, application/xml\r\n', 'html'],
  ['Accept: text/html;q=0, application/xml;q=0.1\r\n', 'xml'],
  ['Content-Type: text/html\r\n', 'json'],
]

/** What nginx answers in front of Kong asks the request's type too. */
const SERVER_FORMS: readonly (readonly [headers: string, form: Form])[] = [
  ['', 'plain'],
  ['Accept: application/json\r\n', 'json'],
  ['Content-Type: application/json\r\n', 'json'],
  ['Content-Type: text/html\r\n', 'html'],
  ['Accept: application/xml\r\nContent-Type: text/html\r\n', 'xml'],
]

const UNAVAILABLE = 'An invalid response was received from the upstream server'

/** What is answered when nobody else can. */
const ERRORS: readonly (readonly [place: string, status: number, message: string])[] = [
  ['nobody.test', 404, NO_ROUTE],
  ['bare.test', 503, 'no Service found with those values'],
  ['empty.test', 503, 'failure to get a peer from the ring-balancer'],
  ['closed.test', 502, UNAVAILABLE],
  ['nameless.test', 503, 'name resolution failed'],
]

function bodyIn(form: Form, message: string, id: string): string | RegExp {
  if (form === 'json') return `{\n  "message":"${message}",\n  "request_id":"${id}"\n}`
  if (form === 'plain') return `${message}\nrequest_id: ${id}\n`
  if (form === 'html') return new RegExp(`<p>${message}\\.</p>[^]*${id}`)
  return new RegExp(
    `^<\\?xml [^]*<error>\\s*<message>${message}</message>\\s*<requestid>${id}</requestid>\\s*</error>\\s*$`,
  )
}

function expectError(
  answer: { text: string; values(name: string): string[] },
  form: Form,
  message: string,
): void {
  const [id = ''] = answer.values('x-kong-request-id')
  expect(answer.values('content-type')).toEqual([TYPES[form]])
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  const wanted = bodyIn(form, message, id)
  if (typeof wanted === 'string') expect(answer.text).toBe(wanted)
  else expect(answer.text).toMatch(wanted)
}

/** Cases of the answers nobody but the gateway makes. */
export const errorBodyCases: readonly WireCase[] = [
  ...FORMS.map(
    ([headers, form]): WireCase => ({
      name: `answers 404 as ${form} to "${headers.trim()}"`,
      run: async ({ exchange }) => {
        const { answer } = await exchange(requestText('GET /', 'nobody.test', headers))
        expect(answer.status).toBe(404)
        expectError(answer, form, NO_ROUTE)
      },
    }),
  ),
  ...SERVER_FORMS.map(
    ([headers, form]): WireCase => ({
      name: `answers 400 as ${form} to "${headers.trim().replace('\r\n', ' and ')}"`,
      run: async ({ get }) => {
        const { answer } = await get('/%zz', headers)
        expect(answer.status).toBe(400)
        expectError(answer, form, 'Bad request')
      },
    }),
  ),
  ...ERRORS.map(
    ([place, status, message]): WireCase => ({
      name: `answers ${status} at ${place}: ${message}`,
      run: async ({ exchange }) => {
        const { answer } = await exchange(
          requestText('GET /', place, 'Accept: application/json\r\n'),
        )
        expect(answer.status).toBe(status)
        expectError(answer, 'json', message)
      },
    }),
  ),
  {
    name: 'takes gRPC over HTTP/1 for none',
    run: async ({ exchange }) => {
      const header = 'Content-Type: application/grpc\r\nContent-Length: 0\r\n'
      const { answer } = await exchange(requestText('POST /', 'nobody.test', header))
      expect([answer.status, answer.values('grpc-status')]).toEqual([404, []])
      expectError(answer, 'json', NO_ROUTE)
    },
  },
  {
    name: 'answers HEAD with the head of an error alone',
    run: async ({ exchange }) => {
      const bytes = requestText('HEAD /', 'nobody.test')
      const { answer } = await exchange(bytes, { method: 'HEAD' })
      expect([answer.status, answer.text]).toEqual([404, ''])
      expect(Number(answer.values('content-length').join())).toBeGreaterThan(50)
    },
  },
  {
    name: "leaves a target's error untouched",
    run: async ({ get }) => {
      const said = 'HTTP/1.1 503 Busy\r\nContent-Type: a/b\r\nContent-Length: 4\r\n\r\nbusy'
      const { answer } = await get('/', 'Accept: application/json\r\n', { answer: said })
      expect([answer.status, answer.reason, answer.text]).toEqual([503, 'Busy', 'busy'])
      expect(answer.values('content-type')).toEqual(['a/b'])
    },
  },
  {
    name: 'answers 504 to a target that says nothing',
    run: async ({ exchange }) => {
      const bytes = requestText('GET /', 'slow.test', 'Accept: application/json\r\n')
      const { answer } = await exchange(bytes, { answer: () => {} })
      expect(answer.status).toBe(504)
      expectError(answer, 'json', 'The upstream server is timing out')
    },
  },
]
