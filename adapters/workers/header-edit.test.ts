import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { editHeaders, headerEdit } from './header-edit.ts'

const owns = (name: string): boolean => name.toLowerCase() === 'host'

/** What a copy of the given headers says once it is edited; undefined where it cannot be. */
function edited(given: HeaderList, headers: HeaderList): string[][] | undefined {
  const wanted = { headers, owns }
  const edit = headerEdit(given, wanted)
  if (edit === undefined) return undefined
  const copy = headersOf(given)
  editHeaders(copy, wanted, edit)
  return [...copy]
}

function headersOf(list: HeaderList): Headers {
  const headers = new Headers()
  for (let i = 0; i < list.length; i += 2) headers.append(list[i] ?? '', list[i + 1] ?? '')
  return headers
}

it.each([
  { what: 'all that stays', given: ['a', '1', 'b', '2'], wanted: ['a', '1', 'b', '2'] },
  { what: 'one that goes', given: ['a', '1', 'b', '2'], wanted: ['b', '2'] },
  { what: 'one changed', given: ['a', '1', 'via', 'x'], wanted: ['a', '1', 'Via', 'x, y'] },
  { what: 'a second value', given: ['a', '1'], wanted: ['a', '1', 'A', '2'] },
])('edits a copy: $what', ({ given, wanted }) => {
  expect(edited(given, wanted)).toEqual([...headersOf(wanted)])
})

it('leaves out what the platform owns, given or wanted', () => {
  const wanted = ['Host', 'there', 'a', '1', 'b', '2']
  expect(edited(['a', '1', 'host', 'here'], wanted)).toEqual([
    ['a', '1'],
    ['b', '2'],
  ])
})

it.each([
  { what: 'nothing would stay', given: ['a', '1'], wanted: ['b', '2'] },
  { what: 'one of two values goes', given: ['a', '1', 'a', '2'], wanted: ['a', '1', 'b', '2'] },
  { what: 'a name stays in another case', given: ['A', '1', 'a', '2'], wanted: ['a', '2'] },
])('is none where $what', ({ given, wanted }) => {
  expect(edited(given, wanted)).toBeUndefined()
})

it('says what is wanted, or is none', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'A', 'host', 'Host', 'set-cookie')
  const list = fc
    .array(fc.tuple(name, fc.constantFrom('1', '2', '')), { maxLength: 6 })
    .map((pairs) => pairs.flat())
  fc.assert(
    fc.property(list, list, list, (given, some, more) => {
      // Most of what is given, and more: nearly what passing on makes of it.
      const kept = given.filter((_, at) => some[Math.floor(at / 2)] !== 'a')
      const wanted = [...kept, ...more]
      const shown = edited(given, wanted)
      if (shown === undefined) return
      const all = wanted.filter((_, at) => !owns(wanted[at - (at % 2)] ?? ''))
      expect(shown).toEqual([...headersOf(all)])
    }),
  )
})
