import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mutableHeaders } from './headers.ts'

describe('headers that change', () => {
  it('are found and replaced in any case', () => {
    const list = ['A', '1', 'B', '2', 'a', '3']
    const headers = mutableHeaders(list)
    expect(headers.get('a')).toBe('1')
    expect(headers.all('A')).toEqual(['1', '3'])
    headers.set('a', 'x')
    expect(list).toEqual(['B', '2', 'a', 'x'])
    headers.set('c', ['y', 'z'])
    headers.add('b', 'w')
    expect(list).toEqual(['B', '2', 'a', 'x', 'c', 'y', 'c', 'z', 'b', 'w'])
    headers.delete('C')
    expect(headers.has('c')).toBe(false)
  })

  it("leave alone what is the proxy's to write", () => {
    const list = ['Host', 'a']
    const headers = mutableHeaders(list, (name) => name !== 'host')
    headers.set('HOST', 'b')
    headers.add('Host', 'b')
    headers.delete('host')
    expect(list).toEqual(['Host', 'a'])
  })

  it('never end a line early, whatever a value holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const list: string[] = []
        mutableHeaders(list).set('X', value)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(list[1]).toMatch(/^[\x09\x20-\x7e\x80-\xff]*$/)
      }),
    )
  })

  it('hold text as its UTF-8 bytes', () => {
    const list: string[] = []
    mutableHeaders(list).set('X', '→')
    expect(list[1]).toBe('\u00e2\u0086\u0092')
  })
})
