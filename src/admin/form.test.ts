import { describe, expect, it } from 'vitest'
import { decodeForm } from './form.ts'
import { parseMultipart } from './multipart.ts'
import { parseArguments, parseQuery } from './query.ts'

const decode = (text: string) => decodeForm(parseArguments(text))

describe('decodeForm', () => {
  it.each([
    ['a=1', { a: '1' }],
    ['a.b.c=1', { a: { b: { c: '1' } } }],
    ['a[b]=1', { a: { b: '1' } }],
    ['a[b.c]=1', { a: { 'b.c': '1' } }],
    ['a[]=x&a[]=y', { a: ['x', 'y'] }],
    ['a[]=x', { a: ['x'] }],
    ['a[2]=y&a[1]=x', { a: ['x', 'y'] }],
    ['a[1]=x&a[3]=z', { a: { 1: 'x', 3: 'z' } }],
    ['a[0]=x', { a: { 0: 'x' } }],
    ['a=x&a=y', { a: ['x', 'y'] }],
    ['a=x,y', { a: 'x,y' }],
    ['h.x-a=1&h.x-a=2', { h: { 'x-a': ['1', '2'] } }],
    ['h.x-a[]=1', { h: { 'x-a': ['1'] } }],
    ['headers[x-b][1]=1', { headers: { 'x-b': ['1'] } }],
    [
      'd[1].port=80&d[1].ip=1.1.1.1&d[2].port=90',
      { d: [{ port: '80', ip: '1.1.1.1' }, { port: '90' }] },
    ],
    ['s[][ip]=1.1.1.1&s[][port]=80', { s: [{ ip: '1.1.1.1', port: '80' }] }],
    ['a[][]=x', { a: [['x']] }],
    ['s[].port=80', { s: { port: '80' } }],
    ['service.name=s', { service: { name: 's' } }],
    ['service[name]=s', { service: { name: 's' } }],
    ['service=', { service: '' }],
    ['a%5B%5D=x', { a: ['x'] }],
    ['a%5B1%5D=x', { a: ['x'] }],
    ['a%255B1%255D=x', { a: ['x'] }],
    ['a%255b=x', { 'a%5b': 'x' }],
    ['=x', {}],
    ['foo', { foo: true }],
    ['a=b+c%2Bd', { a: 'b c+d' }],
    ['a=100%', { a: '100%' }],
    ['a=%E5%86%86', { a: '円' }],
    ['a=1&a.b=2', { a: { 1: '1', b: '2' } }],
    ['.a=1', { name: '1' }],
    ['a[4000000000]=x', { a: { 4000000000: 'x' } }],
    ['', {}],
    ['&&a=1&&', { a: '1' }],
    ['a..b=1', { a: { b: '1' } }],
    ['a[b=1', { 'a[b': '1' }],
    ['a[b.c=1', { 'a[b': { c: '1' } }],
    ['[a]=1', { '[a]': '1' }],
    ['[a][b]=1', { '[a]': { b: '1' } }],
    ['a[b]c.d=1', { a: { b: { d: '1' } } }],
    ['a]=1', { 'a]': '1' }],
  ])('%s', (text, expected) => {
    expect(decode(text)).toEqual(expected)
  })

  it('keeps prototype keys as plain data', () => {
    const value = decode('__proto__.polluted=1&constructor.prototype.polluted=1&a.__proto__=2')
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'a'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('refuses too many arguments, bad UTF-8 and deep keys', () => {
    expect(Object.keys(decode(args(1000)))).toHaveLength(1000)
    expect(() => decode(args(1001))).toThrow('Too many arguments')
    expect(() => decode('a=%ff')).toThrow('invalid UTF-8')
    expect(() => decode(`${'a.'.repeat(100)}b=1`)).toThrow('too deeply')
    expect(() => decode(`${'['.repeat(100_000)}=1`)).toThrow('too long')
  })
})

const args = (count: number) => Array.from({ length: count }, (_, i) => `a${i}=1`).join('&')

describe('parseMultipart', () => {
  const part = (head: string, content: string) =>
    `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`

  it('reads fields and files', () => {
    const text = `${part('name="name"', 'a')}${part('name="t[1]"; filename="x.txt"', 'l1\r\nl2')}--b--\r\n`
    expect(parseMultipart(text, 'multipart/form-data; boundary=b')).toEqual([
      ['name', 'a'],
      ['t[1]', 'l1\r\nl2'],
    ])
  })

  it('refuses a body without boundary, and takes an empty one', () => {
    expect(() => parseMultipart('x', 'multipart/form-data')).toThrow('Cannot parse multipart body')
    expect(parseMultipart('', 'multipart/form-data')).toEqual([])
    expect(parseMultipart('', 'multipart/form-data; boundary="b"')).toEqual([])
  })
})

it('tells bare, repeated and first arguments of a query', () => {
  const query = parseQuery('?size=1&size=2&tags[]=a&bare&x=1')
  expect(query.single('size')).toBe(true)
  expect(query.single('x')).toBe('1')
  expect(query.single('bare')).toBe(true)
  expect(query.single('none')).toBeUndefined()
  expect(query.first('tags')).toBe('a')
})

it('leaves a tag that is no UTF-8 to the filter, and refuses other such arguments', () => {
  expect(parseQuery('?tags=a,%ff').first('tags')).toBe('\0')
  expect(() => parseQuery('?size=%ff')).toThrow('Cannot parse arguments: invalid UTF-8')
})
