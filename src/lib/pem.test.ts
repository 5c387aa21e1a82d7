import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPem, writePem } from './pem.ts'

const block = (label: string, body = 'AQID') =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`

describe('readPem', () => {
  it.each([
    ['one block', block('A'), ['A']],
    ['what stands around', `hello\n${block('A')}\nbye`, ['A']],
    ['several, in order', `${block('A')}\n${block('B')}`, ['A', 'B']],
    ['lines that end in CR LF', block('A').replaceAll('\n', '\r\n'), ['A']],
    ['a block after a broken one', `-----BEGIN A-----\nAQID\n${block('B')}`, ['B']],
    ['nothing without an end', '-----BEGIN A-----\nAQID\n', []],
    ['nothing with another end', block('A').replace('END A', 'END B'), []],
    ['nothing in the middle of a line', `x${block('A')}`, []],
    ['nothing without content', block('A', ''), []],
    ['nothing that is not base64', block('A', 'A*=='), []],
    ['nothing of broken base64', block('A', 'AAAAA'), []],
    ['nothing of a label in lower case', block('a'), []],
    ['nothing of a text without blocks', 'hello', []],
  ])('reads %s', (_what, text, labels) => {
    expect(readPem(text).map(({ label }) => label)).toEqual(labels)
  })

  it('decodes the content, over many lines', () => {
    expect(readPem(block('A', 'AQ\nID'))[0]?.content).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('knows encrypted content by its headers', () => {
    const headers = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQID'
    expect(readPem(block('A', headers))).toMatchObject([
      { encrypted: true, content: Uint8Array.of(1, 2, 3) },
    ])
    expect(readPem(block('A'))).toMatchObject([{ encrypted: false }])
  })

  it('takes time by the length of the text, whatever it is', () => {
    expect(readPem('\n-----BEGIN A-----'.repeat(50_000))).toEqual([])
    expect(readPem(block('A', `a:${'\n '.repeat(400_000)}`))).toEqual([])
  })

  it('throws at nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (around, inside) => {
        readPem(`${around}-----BEGIN A-----${inside}\n-----END A-----`)
      }),
    )
  })
})

describe('writePem', () => {
  it('writes lines of 64 characters', () => {
    const bytes = new Uint8Array(50)
    const text = `-----BEGIN A B-----\n${'A'.repeat(64)}\nAAA=\n-----END A B-----\n`
    expect(writePem('A B', bytes)).toBe(text)
  })

  it('writes what readPem reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (content) => {
        expect(readPem(writePem('A', content))).toEqual([{ label: 'A', encrypted: false, content }])
      }),
    )
  })
})
