import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTemplate, compileTemplate, templateOrFault } from './template.ts'
import { TemplateError, TemplateFault } from './tokens.ts'
import type { Table, Value } from './value.ts'

function table(members: Readonly<Record<string, Value>>, text = 'a table'): Table {
  return { text, get: (key) => (Object.hasOwn(members, key) ? members[key] : undefined) }
}

const names = new Set(['headers', 'shared'])
const scope = table({
  headers: table({ host: 'a.test', 'x-y': 'dashed', empty: '' }),
  shared: table({ n: 2, yes: true, no: false, list: table({ 1: 'first' }, 'first, second') }),
})

function render(source: string): string {
  return compileTemplate(source, names).render(scope)
}

describe('a template', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['costs $5 (net) $', 'costs $5 (net) $'],
    ['$(headers.host)', 'a.test'],
    ['a$( headers.host )b$(headers.host)c', 'aa.testba.testc'],
    ['$(headers["x-y"])', 'dashed'],
    ["$(headers['x-y'])", 'dashed'],
    ['$(headers["x" .. "-" .. "y"])', 'dashed'],
    ['$(headers.nothing)', ''],
    ['$(headers.nothing.at.all)', ''],
    ['$(headers.host.length)', ''],
    ['$(headers.nothing or "else")', 'else'],
    ['$(headers.empty or "else")', ''],
    ['$(headers.host and "there" or "not")', 'there'],
    ['$(headers.nothing and "there" or "not")', 'not'],
    ['$(nil or false or 3)', '3'],
    ['$(1 and nil)', ''],
    ['$(shared.n .. "x")', '2x'],
    ['$(shared.yes)', 'true'],
    ['$(shared.no)', ''],
    ['$(shared.list)', 'first, second'],
    ['$(shared.list[1])', 'first'],
    ['$(shared.list[shared.n])', ''],
    ['$(shared.list[nil])', ''],
    ['$(shared.n == 2 and "two")', 'two'],
    ['$(shared.n == "2")', ''],
    ['$(shared.n ~= 3)', 'true'],
    ['$(shared.n < 2.5)', 'true'],
    ['$(shared.n <= 2)', 'true'],
    ['$(shared.n > 2)', ''],
    ['$(shared.n >= 2)', 'true'],
    ['$("a" < "b")', 'true'],
    ['$("a" < 1)', ''],
    ['$(not headers.nothing)', 'true'],
    ['$(not not headers.nothing)', ''],
    ['$(1 == 1 and 2 or 3)', '2'],
    ['$((nil or "a") .. ("b"))', 'ab'],
    ['$(type(headers.host))', 'string'],
    ['$(type(headers))', 'table'],
    ['$(type(nil) == "nil" and "none")', 'none'],
    ['$("a)b\\"c\\\'\\n\\t\\r\\\\")', 'a)b"c\'\n\t\r\\'],
    ["$('$(headers.host)')", '$(headers.host)'],
    ['$(headers.__proto__)', ''],
    ['$(headers.constructor)', ''],
    ['$(nobody)', ''],
    ['$(nobody or "else")', 'else'],
    ['$(type(nobody))', 'nil'],
    ['$(1 + 2 * 3 - 4 / 2)', '5'],
    ['$((1 + 2) * 3)', '9'],
    ['$(10 * "5")', '50'],
    ['$(shared.n * 10 .. "x")', '20x'],
    ['$(7 % 3 .. -7 % 3)', '12'],
    ['$(-2 ^ 2)', '-4'],
    ['$(2 ^ -1)', '0.5'],
    ['$(2 ^ 3 ^ 2)', '512'],
    ['$(0.1 + 0.2)', '0.3'],
    ['$(#headers.host + 1)', '7'],
    ['$(1 + 1 == 2 and "two")', 'two'],
  ])('%j comes to %j', (source, text) => {
    expect(render(source)).toBe(text)
  })

  it.each([
    ['$(10 * headers.host)', 'attempt to perform arithmetic on a string value'],
    ['$(-headers.nothing)', 'attempt to perform arithmetic on a nil value'],
    ['$(#headers)', 'no length of a table value'],
    ['$(nobody())', "attempt to call global 'nobody' (a nil value)"],
    ['$(nobody(headers["x"], {)', "unexpected '{' at position 24"],
    ['$(nobody(1, "a") == 2 and 3)', "attempt to call global 'nobody' (a nil value)"],
    ['$(os.exit())', "attempt to index global 'os' (a nil value)"],
    ['$(headers.host())', 'attempt to call a value'],
    ['$(headers.host:sub(1, 2))', 'attempt to call a value'],
    ['$(headers', 'unfinished expression at position 1'],
  ])('%j fails when it is used: %s', (source, why) => {
    const fail = () => templateOrFault(source, names).render(scope)
    expect(fail).toThrow(new TemplateFault(why))
  })

  it.each([
    ['$(', 'unfinished expression at position 1'],
    ['ab$(headers', 'unfinished expression at position 3'],
    ['$()', "unexpected ')' at position 3"],
    ['$(headers.)', "unexpected ')' at position 11"],
    ['$(headers.and)', "unexpected 'and' at position 11"],
    ['$(headers["x")', "unexpected ')' at position 14"],
    ['$("abc)', 'unfinished string at position 3'],
    ['$("a\\z")', "unexpected '\\' at position 5"],
    ['$(headers headers)', "unexpected 'headers' at position 11"],
    ['$(headers "x")', 'unexpected string at position 11'],
    ['$(and)', "unexpected 'and' at position 3"],
    ['$(function() end)', "unexpected 'function' at position 3"],
    ['$(headers.x:)', "unexpected ')' at position 13"],
    ['$(headers.x:y)', "unexpected ')' at position 14"],
    ['$(headers(1,))', "unexpected ')' at position 13"],
    ['$(1 +)', "unexpected ')' at position 6"],
    ['$(a = 1)', "unexpected '=' at position 5"],
    ['$(headers...)', "unexpected '..' at position 11"],
    ['$([[x]])', "unexpected '[' at position 3"],
    ['$(type headers)', "unexpected 'headers' at position 8"],
    [`$(${'('.repeat(60)}1${')'.repeat(60)})`, 'too deep an expression at position 53'],
    [`$(${'not '.repeat(60)}1)`, 'too deep an expression at position 203'],
  ])('%j is refused: %s', (source, why) => {
    expect(checkTemplate(source, names)).toBe(why)
  })

  it('that is long, but flat, is read', () => {
    expect(render(`$(${'"a" .. '.repeat(499)}"b")`)).toBe(`${'a'.repeat(499)}b`)
    const longer = `$(${'"a" .. '.repeat(500)}"b")`
    expect(checkTemplate(longer, names)).toBe('too long an expression at position 3503')
  })

  it('has its values escaped, and nothing else', () => {
    const template = compileTemplate('?$(headers.host)?', names)
    expect(template.render(scope, (value) => value.replace('.', '?'))).toBe('?a?test?')
  })

  it('says what it looks at', () => {
    expect([...compileTemplate('$(shared.n) $("headers")', names).reads]).toEqual(['shared'])
    expect(checkTemplate('$(headers.a)', names)).toBeUndefined()
  })

  it('is read or refused, whatever it is, and fails in one way when it is used', () => {
    const word = fc.constantFrom(
      ...['$(', ')', '(', '.', '..', '[', ']', 'or', 'and', 'not', 'headers', 'host', 'shared'],
      ...[
        'n',
        'list',
        '"x"',
        "'",
        '\\',
        '1',
        ' ',
        '==',
        '<',
        'type',
        'nil',
        '-',
        'é',
        '*',
        '#',
        ',',
        ':',
      ],
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const source = `$(${words.join('')})`
        try {
          expect(typeof render(source)).toBe('string')
        } catch (error) {
          expect(error instanceof TemplateError || error instanceof TemplateFault).toBe(true)
        }
      }),
    )
  })
})
