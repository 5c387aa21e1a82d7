import { describe, expect, it } from 'vitest'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { rowForInsert } from '../schema/validate.ts'
import { routeFor } from './route.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (flavor: RouterFlavor, input: unknown) =>
  rowForInsert(routeFor(flavor), input, context)

/** The message of a refusal, or nothing. */
function refusal(flavor: RouterFlavor, input: unknown): string | undefined {
  try {
    insert(flavor, input)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const FAILED = 'Router Expression failed validation: '
const CLASSIC =
  "'methods', 'hosts', 'paths', 'headers', 'snis', 'sources' or 'destinations' simultaneously"

describe('a route in the flavour expressions', () => {
  it('has an expression and a priority, at the end', () => {
    const row = insert('expressions', { expression: 'http.path == "/"', priority: 7 })
    expect(Object.keys(row).slice(-2)).toEqual(['expression', 'priority'])
    expect(row).toMatchObject({ expression: 'http.path == "/"', priority: 7, paths: null })
    expect(insert('expressions', { paths: ['/'] })).toMatchObject({ expression: null, priority: 0 })
  })

  it.each([
    [{ expression: 'net.dst.port == 1', protocols: ['tcp'] }],
    [{ expression: 'tls.sni == "a"', protocols: ['tls_passthrough'] }],
    [{ expression: 'http.path == "/"', protocols: ['grpc'] }],
    [{ paths: ['/'], sources: [{ ip: '10.0.0.0/8' }] }],
    [{ expression: 'http.path == "/"', priority: 2 ** 46 - 1 }],
  ])('takes %j', (input) => {
    expect(refusal('expressions', input)).toBeUndefined()
  })

  it.each([
    [{ expression: 'http.path ==' }, `${FAILED}expected a string, an integer`],
    [{ expression: 'http.foo == "a"' }, `${FAILED}Unknown LHS field at 1:1`],
    [{ expression: 'http.path == "/"', protocols: ['tcp'] }, `${FAILED}Unknown LHS field at 1:1`],
    [
      { expression: 'http.path == "/"', paths: ['/'] },
      `${FAILED}cannot set 'expression' with ${CLASSIC}`,
    ],
    [
      { expression: 'http.path == "/"', regex_priority: 1 },
      `${FAILED}cannot set 'regex_priority' with 'expression' simultaneously`,
    ],
    [{ paths: ['/'], priority: 1 }, `${FAILED}cannot set 'priority' with ${CLASSIC}`],
    [{ expression: 'http.path == "/"', priority: 2 ** 46 }, 'value should be between 0 and'],
    [
      {},
      "must set one of 'methods', 'hosts', 'headers', 'paths', 'snis', 'expression' when 'protocols' is 'https'",
    ],
  ])('refuses %j', (input, reason) => {
    expect(refusal('expressions', input)).toContain(reason)
  })
})

it.each(['traditional', 'traditional_compatible'] as const)('has neither in %s', (flavor) => {
  const input = { paths: ['/'], expression: 'http.path == "/"', priority: 1 }
  expect(refusal(flavor, input)).toContain('unknown field')
})

describe('a route in the flavour traditional', () => {
  const lookAround = { paths: ['~/(?!admin)(\\w)\\1'] }

  it('may look around in its regexes', () => {
    expect(refusal('traditional', lookAround)).toBeUndefined()
    expect(refusal('traditional_compatible', lookAround)).toContain('look-around')
  })

  it('has PCRE alone in them', () => {
    expect(refusal('traditional', { paths: ['~/(?<=a+)b'] })).toContain(
      "invalid regex: '/(?<=a+)b' (PCRE returned: pcre2_compile() failed: lookbehind assertion is not fixed length",
    )
  })

  it('has no wildcards in SNIs, and may have a header without values', () => {
    expect(refusal('traditional', { snis: ['*.a.test'] })).toContain('invalid value')
    expect(refusal('traditional_compatible', { snis: ['*.a.test'] })).toBeUndefined()
    expect(refusal('traditional', { headers: { a: [] } })).toBeUndefined()
  })
})
