import { describe, expect, it } from 'vitest'
import { sniTable } from './sni-table.ts'

const names = {
  exact: 'a.example.com',
  left: '*.example.com',
  right: 'a.example.*',
  any: '*',
  upper: 'UPPER.example.com',
}
type Name = keyof typeof names

function tableOf(...some: Name[]) {
  const certificates = some.map((id) => ({ id, cert: `cert ${id}`, key: 'key' }))
  return sniTable(
    certificates,
    some.map((id) => ({ name: names[id], certificate: { id } })),
  )
}

describe('the certificate for a server name', () => {
  it.each<[asked: string, of: Name[], shown: Name | undefined]>([
    ['a.example.com', ['any', 'right', 'left', 'exact'], 'exact'],
    ['a.example.com', ['any', 'right', 'left'], 'left'],
    ['a.example.com', ['any', 'right'], 'right'],
    ['a.example.com', ['any'], 'any'],
    ['a.example.com', [], undefined],
    ['A.Example.COM.', ['exact'], 'exact'],
    ['upper.example.com', ['upper'], 'upper'],
    ['b.example.com', ['left', 'exact'], 'left'],
    ['a.b.example.com', ['left'], undefined],
    ['example.com', ['left'], undefined],
    ['a.example.org', ['right'], 'right'],
    ['a.example.co.uk', ['right'], undefined],
    ['localhost', ['left', 'right', 'exact'], undefined],
    ['.example.com', ['left'], undefined],
  ])('%s of %j is %s', (asked, of, shown) => {
    expect(tableOf(...of)(asked)?.id).toBe(shown)
  })

  it('is none when its certificate is gone', () => {
    const table = sniTable([], [{ name: 'a.test', certificate: { id: 'x' } }])
    expect(table('a.test')).toBeUndefined()
  })

  it('is the same object each time', () => {
    const table = tableOf('exact')
    expect(table(names.exact)).toBe(table(names.exact))
  })
})
