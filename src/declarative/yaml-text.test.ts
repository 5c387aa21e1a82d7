import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFullYaml } from './parse.ts'
import { yamlOf } from './yaml-text.ts'

const odd = fc.constantFrom(
  ...'null ~ true yes No on 0 007 1e3 0x1F .5 .inf 1.2.3 12:30 2001-01-01 _a a. a- /p ab--'.split(
    ' ',
  ),
  ...[
    '',
    ' a',
    'a ',
    'a: b',
    '#',
    'a #b',
    '- a',
    '-',
    "it's",
    '"',
    '\\',
    '\n',
    'a\nb\n',
    '\t',
    '\r',
    '\0',
  ],
  ...[
    '\u0085',
    '\u2028',
    '\ufeff',
    '\uffff',
    '\ud800',
    '😀',
    '円',
    '\u007f',
    '__proto__',
    'constructor',
    '=',
  ],
)
const text = fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 6 }))

describe('yamlOf', () => {
  it('is read back as what was written', () => {
    const value = fc.object({
      key: text,
      maxDepth: 4,
      values: [
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ],
    })
    fc.assert(
      fc.property(value, (written) => {
        // JSON knows no -0 and no undefined either.
        const plain = JSON.parse(JSON.stringify(written))
        expect(readFullYaml(yamlOf(plain), 64)).toEqual(plain)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    [{ a: 'x', b: 1, c: null, d: [], e: {} }, 'a: x\nb: 1\nc: ~\nd: []\ne: {}\n'],
    [{ a: [{ b: 1, c: [2] }, [3, [4]]] }, 'a:\n  - b: 1\n    c:\n      - 2\n  - - 3\n    - - 4\n'],
    [{ 'a b': 'true', '1': "it's" }, "'1': 'it''s'\n'a b': 'true'\n"],
    [{ a: 'x\ny\u0085' }, 'a: "x\\ny\\u0085"\n'],
  ])('writes %j', (value, yaml) => {
    expect(yamlOf(value)).toBe(yaml)
  })
})
