import { describe, expect, it } from 'vitest'
import { luaPattern } from './lua-pattern.ts'

describe('luaPattern', () => {
  it.each([
    ['^%u+$', 'GET', true],
    ['^%u+$', 'GEt', false],
    ['^[^*]*%*?[^*]*$', 'a.*', true],
    ['^[^*]*%*?[^*]*$', '*.*', false],
    ['^%*%.', '*.a', true],
    ['%.%*$', 'a.*', true],
    ['%.%*$', 'a.*b', false],
    ['//', 'a//b', true],
    ['^[Hh][Oo][Ss][Tt]$', 'hOsT', true],
    ['^[a-z][a-z%d-]-[a-z%d]+$', 'my-vault-1', true],
    ['^[a-z][a-z%d-]-[a-z%d]+$', 'my-vault-', false],
    ['^[%w_%-]+$', 'a-b_c', true],
    ['^.$', '\n', true],
    ['^%S+$', 'a b', false],
    ['a.b', 'axb', true],
    ['^[]x]+$', ']x', true],
    ['a$b', 'a$b', true],
    ['(foo|bar)', 'foo|bar', true],
  ])('%s on %j is %s', (pattern, text, expected) => {
    expect(luaPattern(pattern).test(text)).toBe(expected)
  })

  it.each(['%bxy', '%f[a]', '[a', '%1'])('refuses %s, which it cannot translate', (pattern) => {
    expect(() => luaPattern(pattern)).toThrow('Cannot translate')
  })

  it('answers soon on long text that would backtrack', () => {
    const started = performance.now()
    expect(luaPattern('^[^*]*%*?[^*]*$').test(`${'a'.repeat(1_000_000)}**`)).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
