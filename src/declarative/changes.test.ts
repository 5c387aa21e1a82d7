import { describe, expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import type { Row } from '../schema/entity.ts'
import { changeLine, changesBetween, type Tables } from './changes.ts'

const lines = (before: Tables, after: Tables) =>
  changesBetween(allEntities, { before, after }).map(changeLine)

const route: Row = { id: '1', name: 'mock', paths: ['/a'], hosts: null, updated_at: 1 }

describe('changesBetween', () => {
  it.each<[string, Row[], Row[], string[]]>([
    ['what came', [], [route], ['+ routes mock']],
    ['what went', [route], [], ['- routes mock']],
    [
      'the fields that differ, in wire order',
      [route],
      [{ ...route, paths: ['/b'], hosts: ['h'] }],
      ['~ routes mock hosts, paths'],
    ],
    ['nothing for times alone', [route], [{ ...route, updated_at: 2 }], []],
    [
      'nothing for members in another order',
      [route],
      [Object.fromEntries(Object.entries(route).reverse()) as Row],
      [],
    ],
    [
      'another id as another row',
      [route],
      [{ ...route, id: '2' }],
      ['+ routes mock', '- routes mock'],
    ],
  ])('tells %s', (_what, before, after, told) => {
    expect(lines({ routes: before }, { routes: after })).toEqual(told)
  })

  it('goes table by table', () => {
    const service: Row = { id: '3', name: 's' }
    expect(lines({ services: [service] }, { routes: [route] })).toEqual([
      '- services s',
      '+ routes mock',
    ])
  })

  it.each<[string, Row, string]>([
    ['targets', { id: '1', target: '1.2.3.4:80' }, '+ targets 1.2.3.4:80'],
    ['plugins', { id: '1', name: 'cors', instance_name: null }, '+ plugins cors'],
    ['plugins', { id: '1', name: 'cors', instance_name: 'mine' }, '+ plugins mine'],
    ['consumers', { id: '1', username: null, custom_id: 'c' }, '+ consumers c'],
    ['keyauth_credentials', { id: '1', key: 'secret' }, '+ keyauth_credentials 1'],
    ['sessions', { id: '1', session_id: 'secret' }, '+ sessions 1'],
    ['routes', { id: '1', name: null }, '+ routes 1'],
  ])('names a row of %s without a secret', (table, row, line) => {
    expect(lines({}, { [table]: [row] })).toEqual([line])
  })
})
