import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPcreRegex, compilePcreRegex, lazyPcreRegex } from './pcre-regex.ts'

describe('what a linear engine cannot do', () => {
  it.each([
    { source: '/(?!admin)\\w+', yes: ['/users'], no: ['/admin', '/administrator'] },
    { source: '/a(?=/b)', yes: ['/a/b'], no: ['/a/c', '/a'] },
    { source: '/.*(?<=\\.png)$', yes: ['/x.png'], no: ['/x.jpg', '/png'] },
    { source: '/.*(?<!\\.png|\\.jpeg)$', yes: ['/x.gif'], no: ['/x.png', '/x.jpeg'] },
    { source: '/.*(?<=\\.png|\\.jpeg)$', yes: ['/x.png', '/x.jpeg'], no: ['/x.gif'] },
    { source: '/(\\w)\\1', yes: ['/aa'], no: ['/ab'] },
    { source: '/(?<x>\\w+)-\\k<x>$', yes: ['/ab-ab'], no: ['/ab-a'] },
    { source: '/(?P<x>a)(?P=x)', yes: ['/aa'], no: ['/a'] },
    { source: '/(a)(b)\\g{-1}', yes: ['/abb'], no: ['/aba'] },
    { source: '(?i)/(?!B)a', yes: ['/A'], no: ['/b'] },
    { source: '/(?i:ab)(?!x)c', yes: ['/ABc'], no: ['/ABC'] },
    { source: '/(?>a+)b', yes: ['/aab'], no: ['/aac'] },
    { source: '/(?>a|ab)c', yes: ['/ac'], no: ['/abc'] },
    { source: '/a++a', yes: [], no: ['/aaa'] },
    { source: '/a*+b?+$', yes: ['/aab'], no: ['/aba'] },
    { source: "/(?'q'x)\\k'q'", yes: ['/xx'], no: ['/x'] },
    { source: '(?x) / a  # all\n (?!b)', yes: ['/ac'], no: ['/ab'] },
    { source: '/(?#why)a(?!b)', yes: ['/a'], no: ['/ab'] },
    { source: '/\\Qa.b\\E(?!c)', yes: ['/a.b'], no: ['/aab', '/a.bc'] },
    { source: '/[^\\W\\d_](?!\\x41)', yes: ['/a'], no: ['/1', '/aA'] },
    { source: '/[]a-c](?!x)', yes: ['/]', '/b'], no: ['/d', '/ax'] },
    { source: '/[[:alpha:]-](?!x)', yes: ['/q', '/-'], no: ['/1'] },
    { source: '/\\bab\\b(?!x)', yes: ['/ab', '/ab/'], no: ['/abc'] },
    { source: '/(?:a|b(?!c)){2,3}$', yes: ['/ab', '/aba'], no: ['/a', '/abca', '/aaaa'] },
    { source: '/(a)?(?!\\1)', yes: ['/a', '/b'], no: [] },
    { source: '/ab(?#may be missing)*(?!c)', yes: ['/ax', '/abb'], no: ['/ac'] },
    { source: '/ab\\E*(?!c)', yes: ['/a'], no: ['/ac'] },
    { source: '/a(?!b)\\h[\\d\\-x]', yes: ['/a\t-', '/a 7'], no: ['/a y'] },
  ])('$source takes $yes and not $no', ({ source, yes, no }) => {
    const regex = lazyPcreRegex(source)
    for (const path of yes) expect([path, regex.test(path)]).toEqual([path, true])
    for (const path of no) expect([path, regex.test(path)]).toEqual([path, false])
    for (const path of yes) expect(path.startsWith(regex.literalPrefix)).toBe(true)
  })

  it('tells what groups caught', () => {
    const regex = compilePcreRegex('/(?<user>\\w+)/(?!x)(\\d+)?')
    expect(regex.engine).toBe('bounded')
    expect(regex.exec('/ann/7z')).toEqual({
      named: { user: 'ann' },
      numbered: ['/ann/7', 'ann', '7'],
    })
    expect(regex.exec('/ann/')?.numbered).toEqual(['/ann/', 'ann', undefined])
    expect(regex.exec('/ann/x')).toBeUndefined()
  })

  it('searches where it is not anchored', () => {
    const regex = compilePcreRegex('a(?!b)', { anchored: false })
    expect([regex.test('xxabac'), regex.test('ab'), regex.literalPrefix]).toEqual([true, false, ''])
  })
})

describe('refusals', () => {
  it.each([
    ['/(?=a', 'missing closing parenthesis', ''],
    ['/a(?!b))', 'unmatched closing parenthesis', ')'],
    ['/(?!a)*+*', 'quantifier does not follow a repeatable item', '*'],
    ['/(?!a)[b', 'missing terminating ] for character class', ''],
    ['/(a)\\2', 'reference to non-existent subpattern', '\\2'],
    ['/\\k<n>', 'reference to non-existent subpattern', '\\k<n>'],
    ['/(?<=a+)b', 'lookbehind assertion is not fixed length', '/(?<=a+)b'],
    ['/(?R)', 'unrecognized or unsupported group (?', '(?R)'],
    ['/(*COMMIT)a', 'verbs are not supported', '(*COMMIT)a'],
    ['/(?!a)\\K', 'unsupported escape \\K', '\\K'],
    ['/(?!a)b{3,2}', 'numbers out of order in {} quantifier', '{3,2}'],
    ['/(?!a)b{2000}', 'number too big in {} quantifier', '{2000}'],
    [
      '/(?!(?:(?:a{999}){999}){9})b',
      'regular expression is too large',
      '/(?!(?:(?:a{999}){999}){9})b',
    ],
    ['/(?<n>a)(?<n>b)(?!c)', 'two named subpatterns have the same name', '(?<n>b)(?!c)'],
    ['/(?!a)[b-a]', 'range out of order in character class', '-a]'],
    [`/(?!a)${'('.repeat(200)}`, 'parentheses are too deeply nested', '('.repeat(99)],
  ])('%s: %s', (source, reason, rest) => {
    const place = rest === '' ? '' : ` at "${rest}"`
    expect(checkPcreRegex(source)).toBe(`pcre2_compile() failed: ${reason} in "${source}"${place}`)
    expect(lazyPcreRegex(source).test('/a')).toBe(false)
  })

  it('are none for a good one', () => {
    expect([checkPcreRegex('/(?!a)b'), checkPcreRegex('/a(b|c)+')]).toEqual([undefined, undefined])
  })
})

describe('the bound', () => {
  it('leaves to the linear engines what they can do', () => {
    expect(compilePcreRegex('/(a+)+$').engine).toBe('re2')
    expect(compilePcreRegex('/users/\\d+$').engine).toBe('native')
  })

  it.each(['(?!x)(a+)+$', '(?=a)(?:a|a)*b', '(a*)*(?<!b)c', '(.*)*\\1!', '(?!x)(?:a?){30}a{30}b'])(
    'ends %s on a long path',
    (source) => {
      // Unbounded, it would not end within the test's time, nor this year.
      expect(compilePcreRegex(`/${source}`).test(`/${'a'.repeat(8000)}~`)).toBe(false)
    },
  )
})

it('matches as the native engine does, where both mean the same', () => {
  const atom = fc.constantFrom('a', 'b', '/', '.', '[ab]', '[^a]', '\\w', '\\d', '\\b', '$')
  const node: fc.Memo<string> = fc.memo((depth) => {
    if (depth <= 1) return atom
    const inner = node(depth - 1)
    return fc.oneof(
      atom,
      fc.tuple(inner, inner).map(([a, b]) => `${a}${b}`),
      fc.tuple(inner, inner).map(([a, b]) => `(?:${a}|${b})`),
      inner.map((a) => `(${a})`),
      fc
        .tuple(inner, fc.constantFrom('*', '+', '?', '*?', '+?', '{1,2}', '{2}'))
        // A turn that takes nothing ends a loop here as in PCRE, and is undone in JavaScript.
        .map(([a, sign]) => `(?:[ab/](?:${a}))${sign}`),
      inner.map((a) => `(?=${a})`),
      inner.map((a) => `(?!${a})`),
      fc.constantFrom('(?<=a)', '(?<!b)', '(?<=[ab]/)'),
    )
  })
  const text = fc
    .array(fc.constantFrom('a', 'b', '/', '1', '\n'), { maxLength: 8 })
    .map((chars) => chars.join(''))

  fc.assert(
    fc.property(node(4), text, (source, given) => {
      // A look-ahead that always holds: no linear engine takes it.
      const pattern = `(?=)${source}`
      const expected = new RegExp(`^(?:${pattern})`).exec(given)?.[0]
      expect(compilePcreRegex(pattern).exec(given)?.numbered[0]).toBe(expected)
    }),
    { numRuns: 2000 },
  )
})
