import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { readFullYaml } from './parse.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { yamlOf } from './yaml-text.ts'

const DEPTH = 8

/** What the full parser makes of a text; undefined when it refuses it. */
function full(text: string): { value: unknown } | undefined {
  try {
    return { value: readFullYaml(text, DEPTH) }
  } catch {
    return undefined
  }
}

/** Scalars that YAML reads in many ways. */
const odd = fc.constantFrom(
  ...'null ~ true True yes 0 -0 007 1e3 1_000 0x1F 0o17 .5 5. -.5 +1 .inf .nan 1.2.3.4 1.2.3 12:30:45 2001-01-01'.split(
    ' ',
  ),
  ...[
    '',
    ' ',
    'a: b',
    'a:b',
    ':a',
    'a #b',
    '#a',
    '- a',
    '-',
    '-a',
    '? a',
    '!a',
    '&a',
    '*a',
    '|',
    '>',
  ],
  ...[
    '[a',
    'a]',
    '{',
    "it's",
    '"',
    '\\d+',
    '~/a\\d+$',
    '~*x',
    'a,b',
    '%20',
    '@a',
    '`',
    '=',
    '<<',
    '...',
    '---',
  ],
  ...['http://a.b:80/c?d=e#f', 'a\nb', 'a\tb', 'é', '円', '😀', '\u2028', '\u0085', '\ufeff', 'x '],
)
const scalar = fc.oneof(
  odd,
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(fc.oneof(fc.stringMatching(/^[a-z_]{1,6}$/), odd), tie('value'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
}))

/** Texts as people and programs write them. */
const texts = fc.oneof(
  value.map((it) => yamlOf({ a: it })),
  fc
    .record({
      it: value,
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL'),
      collectionStyle: fc.constantFrom('any', 'block', 'flow'),
    } as const)
    .map(({ it, ...options }) =>
      stringify({ a: it, b: [it, it] }, { ...options, aliasDuplicateObjects: false }),
    ),
)

describe('readPlainYaml', () => {
  it('agrees with the full parser on what it reads', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const quick = readPlainYaml(text, DEPTH)
        if (quick !== undefined) expect(quick).toEqual(full(text))
      }),
      { numRuns: 1500 },
    )
  })

  it('agrees with it on texts that somebody broke', () => {
    const piece = fc.constantFrom(
      ...' |  |\n|:|: |- |#| #|[|]|{|}|,|"|\'|~|!|&|*|?|>|%|@|0|a|.|\\|\t|---|a:'.split('|'),
      '|',
    )
    const breaks = fc.array(fc.tuple(fc.nat(), fc.nat(2), piece), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(texts, breaks, (whole, broken) => {
        let text = whole
        for (const [at, cut, put] of broken) {
          const i = at % (text.length + 1)
          text = text.slice(0, i) + put + text.slice(i + cut)
        }
        const quick = readPlainYaml(text, DEPTH)
        if (quick !== undefined) expect(quick, text).toEqual(full(text))
      }),
      { numRuns: 4000 },
    )
  })

  it.each([
    ['a list under its name', 'a:\n- b: 1\n  c:\n  - d\n- ~\n', { a: [{ b: 1, c: ['d'] }, null] }],
    [
      'comments and empty lines',
      '# x\n---\na: 1 # y\n\n  # z\nb: [c, d] # e\n',
      { a: 1, b: ['c', 'd'] },
    ],
    ['quotes', "a: \"x\\n\\u00e9\"\nb: 'it''s # 1'\n", { a: 'x\né', b: "it's # 1" }],
    ['lines kept', 'a: |\n  b\n\n   c\nd: |-\n  e\n', { a: 'b\n\n c\n', d: 'e' }],
    [
      'addresses and paths',
      'a: [10.0.0.1:80, ~/x$, http://h/p]\n',
      { a: ['10.0.0.1:80', '~/x$', 'http://h/p'] },
    ],
    ['maps in brackets', 'a: {b: 1, c: [x, {d: ~}]}\n', { a: { b: 1, c: ['x', { d: null }] } }],
    ['__proto__ as a name', '__proto__:\n  a: 1\n', JSON.parse('{"__proto__":{"a":1}}')],
  ])('reads %s', (_what, text, value) => {
    expect(readPlainYaml(text, DEPTH)).toEqual({ value })
    expect(full(text)).toEqual({ value })
  })

  it.each([
    ['an anchor', 'a: &x 1\n'],
    ['a name twice', 'a: 1\na: 2\n'],
    ['a tag', 'a: !x 1\n'],
    ['text over two lines', 'a: b\n  c\n'],
    ['a tab', 'a:\t1\n'],
    ['two documents', 'a: 1\n---\nb: 1\n'],
    ['deep nesting', `a: ${'['.repeat(9)}1${']'.repeat(9)}\n`],
    ['a scalar alone', 'a\n'],
    ['nothing', ''],
  ])('leaves %s to the full parser', (_what, text) => {
    expect(readPlainYaml(text, DEPTH)).toBeUndefined()
  })
})
