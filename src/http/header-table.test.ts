import { describe, expect, it } from 'vitest'
import { headerTable } from './header-table.ts'

const names = headerTable([
  ['host', 'a'],
  ['te', 'b'],
  ['x-forwarded-for', ''],
  ['from', 'c'],
])

describe('names of headers', () => {
  it.each([
    { name: 'host', said: 'a' },
    { name: 'HOST', said: 'a' },
    { name: 'fRoM', said: 'c' },
    { name: 'TE', said: 'b' },
    { name: 'X-Forwarded-For', said: '' },
    { name: 'x-forwarded-fox', said: undefined },
    { name: 'hosts', said: undefined },
    { name: '', said: undefined },
    { name: 'a-name-longer-than-all-of-them', said: undefined },
    // As ASCII has it, no bit makes another char of these.
    { name: 'x\rforwarded\rfor', said: undefined },
    { name: 'hos\u0054', said: 'a' },
    { name: '\u212aost', said: undefined },
  ])('say $said of $name', ({ name, said }) => {
    expect(names.find(name)).toBe(said)
  })
})
