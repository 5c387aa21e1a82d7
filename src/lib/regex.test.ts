import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRouteRegex, lazyRouteRegex, RegexError } from './regex.ts'
import { simplePattern } from './simple-regex.ts'

describe('compileRouteRegex', () => {
  it.each([
    { source: '/a', path: '/ab', hit: true },
    { source: '/a', path: '/b/a', hit: false },
    { source: '/a$', path: '/ab', hit: false },
    { source: '/a|/b', path: '/x/b', hit: false },
    { source: '/a|/b', path: '/b', hit: true },
    { source: '(?i)/A', path: '/a', hit: true },
    { source: '/\\d{2}', path: '/1', hit: false },
    { source: '/a.c', path: '/a\rc', hit: true },
    { source: '/a.c', path: '/a\nc', hit: false },
    { source: '/[[:alpha:]]+$', path: '/abc', hit: true },
    { source: '/\\pL+$', path: '/größe', hit: true },
    { source: '', path: '/', hit: true },
  ])('$source on $path: $hit', ({ source, path, hit }) => {
    expect(compileRouteRegex(source).test(path)).toBe(hit)
    expect(compileRouteRegex(source).exec(path) !== undefined).toBe(hit)
  })

  it.each(['?<', '?P<'])('captures by name and number with %s', (open) => {
    for (const rest of ['\\d+)/([a-z]+)', '\\d+)/([a-z]+)|z']) {
      const captures = compileRouteRegex(`/u/(${open}id>${rest}`).exec('/u/12/ab/c')
      expect(captures?.numbered).toEqual(['/u/12/ab', '12', 'ab'])
      expect({ ...captures?.named }).toEqual({ id: '12' })
    }
  })

  it('leaves out a named group that took no part', () => {
    const captures = compileRouteRegex('/(?<a>x)?(?<b>y)').exec('/y')
    expect({ ...captures?.named }).toEqual({ b: 'y' })
    expect(captures?.numbered).toEqual(['/y', undefined, 'y'])
  })

  it('holds a group named __proto__ as data', () => {
    const { named = {} } = compileRouteRegex('/(?<__proto__>x)').exec('/x') ?? {}
    expect(Object.keys(named)).toEqual(['__proto__'])
  })

  it.each(['(?=a)', '(?!a)', '(?<=a)', '(?<!a)', 'x(y(?!z))'])(
    'refuses look-around: %s',
    (source) => {
      expect(() => compileRouteRegex(source)).toThrow(
        new RegexError('look-around, including look-ahead and look-behind, is not supported'),
      )
    },
  )

  it.each(['(a)\\1', '(?<n>a)\\k<n>', '(?P<n>a)(?P=n)'])(
    'refuses back-references: %s',
    (source) => {
      expect(() => compileRouteRegex(source)).toThrow(
        new RegexError('backreferences are not supported'),
      )
    },
  )

  it.each(['(', 'a)(?:b', '[', 'a**', '\\', '(?<n>a)(?<n>b)', 'a{5,2}'])('refuses %s', (source) => {
    expect(() => compileRouteRegex(source)).toThrow(RegexError)
  })

  it.each(['\\\\1', '[(?=]', '\\(?=', '[\\]](?:a)'])(
    'takes %s, which only looks like one',
    (source) => {
      expect(() => compileRouteRegex(source)).not.toThrow()
    },
  )

  it('finds a header regex anywhere', () => {
    expect(compileRouteRegex('b+', { anchored: false }).test('abc')).toBe(true)
  })

  it('matches nothing, lazily, when broken', () => {
    expect(lazyRouteRegex('(').test('(')).toBe(false)
    expect(lazyRouteRegex('(').exec('(')).toBeUndefined()
  })
})

describe('literalPrefix', () => {
  it.each([
    { source: '/users/(?<id>\\d+)', literal: '/users/' },
    { source: '/v\\d', literal: '/v' },
    { source: '/a\\.json$', literal: '/a.json' },
    { source: '/a.b', literal: '/a' },
    { source: '/ab?c', literal: '/a' },
    { source: '/ab*', literal: '/a' },
    { source: '/ab{0}', literal: '/a' },
    { source: '/ab+', literal: '/ab' },
    { source: '/a\\.?', literal: '/a' },
    { source: '/a|/b', literal: '' },
    { source: '/a(b|c)', literal: '/a' },
    { source: '/a((b)|(c))d[|]\\|', literal: '/a' },
    { source: '/a[)]|/b[(]', literal: '' },
    { source: '/a[\\](]|/b[\\])]', literal: '' },
    { source: '/a[](]|/b[])]', literal: '' },
    { source: '/a[[:alpha:](]|/b[[:alpha:])]', literal: '' },
    { source: '(?i)/a', literal: '' },
    { source: '/größe', literal: '/gr' },
    { source: '/a b', literal: '/a' },
  ])('is "$literal" for $source', ({ source, literal }) => {
    expect(compileRouteRegex(source).literalPrefix).toBe(literal)
    expect(lazyRouteRegex(source).literalPrefix).toBe(literal)
  })

  it('is not looked for where a regex may match anywhere', () => {
    expect(compileRouteRegex('a', { anchored: false }).literalPrefix).toBe('')
  })
})

describe('linear time', () => {
  it.each([
    '(a+)+$',
    '(a|a)*$',
    '(a|aa)+$',
    '(.*a){12}$',
    '([a-z]+)*\\d',
    '(\\w+\\s?)*!',
    'a*a*a*a*a*b',
    '.*.*.*=',
    '(a?){200}a{200}b',
  ])('answers %s on a long path at once', (source) => {
    const regex = compileRouteRegex(`/${source}`)
    const path = `/${'a'.repeat(20_000)}~`
    const start = performance.now()
    expect(regex.exec(path)?.numbered[0]?.length).not.toBe(path.length)
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it.each([
    '/users/(?<id>\\d+)/posts$',
    '/users/[^/]+/posts/[^/]+/?$',
    '/v\\d{1,2}/',
    '/a.b',
    '/[a-z]+\\.json$',
    '/(?P<x>[^/]+)/.*',
    '/static/.*\\/?',
    '/a?b*c',
  ])('gives %s to the native engine', (source) => {
    const isDecided = !source.startsWith('/static')
    expect(compileRouteRegex(source).engine).toBe(isDecided ? 'native' : 're2')
  })

  it.each([
    '(a+)+',
    '(a|b)',
    'a|b',
    '\\d+\\w+',
    'a*a',
    '.*x',
    '[^/]*/?[a-z]',
    '\\s*[ ]',
    'a+?a',
    '(a)?',
    '^a',
    '\\bx',
    'a{1,3}a',
    '[a-z&&b]',
    'é',
    '\\x41',
    '(?i)a',
    '\\Qa\\E',
    '[]a]',
    'a{,3}',
    '\\D*[\u00e9]',
    '$a',
  ])('leaves %s to re2js', (source) => {
    expect(simplePattern(source)).toBeUndefined()
  })

  it('has both engines answer alike where the native one is chosen', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '/',
      '\\d',
      '[ab]',
      '[^a]',
      '.',
      '\\.',
      '[^/]',
      '(a)',
      '(?<n>b)',
    )
    const repeat = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?')
    const source = fc
      .array(fc.tuple(atom, repeat), { minLength: 1, maxLength: 6 })
      .map((pieces) => pieces.map((piece) => piece.join('')).join(''))
      .filter((text) => simplePattern(text) !== undefined && text.split('<n>').length < 3)
    const path = fc
      .array(fc.constantFrom('a', 'b', '/', '.', '1', '\n'))
      .map((chars) => chars.join(''))

    fc.assert(
      fc.property(source, path, (text, input) => {
        const native = compileRouteRegex(text)
        // An empty alternative at the end that is never reached makes it unfit for the native engine.
        const re2 = compileRouteRegex(`(?:${text})|\\pN\\pN\\pN{9}`)
        expect([native.engine, re2.engine]).toEqual(['native', 're2'])
        expect(native.exec(input)).toEqual(re2.exec(input))
      }),
    )
  })
})
