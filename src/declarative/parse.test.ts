import { describe, expect, it } from 'vitest'
import { parseDocument } from './parse.ts'

const deep = 100_000

describe('parseDocument', () => {
  it.each([
    ['JSON', '{"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
    ['YAML', 'a:\n- 1\n- ~\n- x\nb: "1.1"', { a: [1, null, 'x'], b: '1.1' }],
    ['numbers as keys', '80: x', { '80': 'x' }],
    [
      'what YAML 1.1 has words for',
      'a: yes\nb: 2001-01-01\nc: "on"\nd: [off, No, NO]\ne: {f: On}',
      { a: true, b: '2001-01-01', c: 'on', d: [false, false, false], e: { f: true } },
    ],
    [
      'merge keys',
      'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {x: 0, <<: *a}\nd: {<<: [*a, *b], z: 0}\n',
      {
        a: { x: 1, y: 1 },
        b: { y: 2, z: 2 },
        c: { x: 0, y: 1 },
        d: { x: 1, y: 1, z: 0 },
      },
    ],
    ['a quoted merge key as a name', "a: {'<<': {b: 1}}", { a: { '<<': { b: 1 } } }],
    ['aliases', 'a: &x [1]\nb: *x\nc: &x 2\nd: *x', { a: [1], b: [1], c: 2, d: 2 }],
    ['an empty text', '', null],
  ])('reads %s', (_what, text, value) => {
    expect(parseDocument(text)).toEqual(value)
  })

  it('takes __proto__ for a key like any other', () => {
    for (const text of ['{"__proto__":{"x":1}}', '__proto__: {x: 1}']) {
      const value = parseDocument(text)
      expect(JSON.stringify(value)).toBe('{"__proto__":{"x":1}}')
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    }
  })

  const bomb = Array.from({ length: 9 }, (_, i) => {
    const items = Array.from({ length: 9 }, () => (i === 0 ? 'x' : `*a${i - 1}`))
    return `a${i}: &a${i} [${items.join(',')}]`
  }).join('\n')

  it.each([
    ['a syntax error', 'a: [1\nb: 2', 'at line 2, column 1'],
    ['a key twice', 'a:\n  b: 1\n  b: 2', 'duplicate key \\"b\\" at line 3, column 3'],
    ['a cyclic alias', 'a: &a [*a]', 'cyclic alias \\"a\\" at line 1, column 8'],
    ['a merge of no map', 'a: {<<: 1}', 'takes a map or a list of maps'],
    ['an alias of nothing', 'a: *b', 'alias'],
    ['an alias bomb', bomb, 'aliases unfold to too many values'],
    ['two documents', 'a: 1\n---\nb: 1', 'document'],
    ['a list as a key', '[a]: 1', 'string'],
    ['deep JSON', `${'['.repeat(deep)}${']'.repeat(deep)}`, 'nested too deeply'],
    ['deep YAML in brackets', '['.repeat(deep), 'nested too deeply'],
    ['deep YAML in blocks', '- '.repeat(3000), 'nested too deeply'],
    [
      'deep YAML in steps',
      Array.from({ length: 99 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'nested too deeply',
    ],
  ])('refuses %s', (_what, text, reason) => {
    expect(() => parseDocument(text)).toThrow(
      expect.objectContaining({ code: 14, message: expect.stringContaining(reason) }),
    )
  })

  it('takes nesting up to the limit', () => {
    const steps = Array.from({ length: 63 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
    expect(() => parseDocument(`${steps} [1]`)).not.toThrow()
  })

  it('refuses text beyond the limit', () => {
    expect(() => parseDocument('a: 123456', { size: 8 })).toThrow('larger than 8 characters')
  })

  it.each([
    ['20 000 keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['20 000 aliases', `a: &a [x]\nb:\n${'- *a\n'.repeat(20_000)}`],
  ])('is quick with %s', (_what, text) => {
    const started = performance.now()
    parseDocument(text)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
