import { expect, it } from 'vitest'
import { WORKSPACE } from '../pdk/workspace.ts'
import { loggedRow } from './logged-row.ts'

const { workspace: ws_id } = WORKSPACE

it.each([
  { row: { id: 'a', tags: null, name: 'n' }, told: { id: 'a', name: 'n' } },
  {
    row: { id: 'a', sources: [{ ip: '::1', port: null }] },
    told: { id: 'a', sources: [{ ip: '::1' }] },
  },
  {
    row: { id: 'a', paths: ['/'], service: { id: 'b' } },
    told: { id: 'a', paths: ['/'], service: { id: 'b' } },
  },
  {
    row: { id: 'a', headers: { x: ['1'] }, on: false, n: 0 },
    told: { id: 'a', headers: { x: ['1'] }, on: false, n: 0 },
  },
])('tells of $row what is set', ({ row, told }) => {
  expect(loggedRow(row)).toEqual({ ...told, ws_id })
})

it('makes it once for a row', () => {
  const row = { id: 'a' }
  expect(loggedRow(row)).toBe(loggedRow(row))
})
