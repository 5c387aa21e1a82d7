import { describe, expect, it } from 'vitest'
import { joinContent } from './content.ts'
import { SyncError } from './sync-error.ts'

const problemsOf = (document: unknown): readonly string[] => {
  try {
    joinContent([{ name: 'f', document }])
    return []
  } catch (error) {
    if (error instanceof SyncError) return error.problems
    throw error
  }
}
const file = (members: object) => ({ _format_version: '3.0', ...members })

describe('joinContent refuses', () => {
  it.each<[unknown, string]>([
    [[], 'f: expected members such as services: at its top'],
    [{}, 'f: _format_version is missing; write _format_version: "3.0"'],
    [{ _format_version: 3 }, 'f: _format_version 3 is not known; write "3.0" in quotes, or "1.1"'],
    [
      { _format_version: '2.1' },
      'f: _format_version "2.1" is not known; write "3.0" in quotes, or "1.1"',
    ],
    [
      file({ _konnect: {} }),
      'f: _konnect is for Konnect; here files go to the Admin API of a gateway',
    ],
    [file({ consumer_groups: [] }), 'f: consumer_groups are not in Kong OSS'],
    [file({ partials: [] }), 'f: partials are not in Kong OSS'],
    [file({ _workspace: 'x' }), 'f: _workspace "x": Kong OSS has no workspaces but default'],
    [file({ _info: { default_lookup_tags: {} } }), 'f: _info.default_lookup_tags is not supported'],
    [file({ _info: { defaults: { nope: {} } } }), 'f: _info.defaults.nope is not supported'],
    [file({ _info: { select_tags: 'a' } }), 'f: _info.select_tags: expected a list of tags'],
    [file({ targets: [] }), 'f: targets go under their upstream, in upstreams[].targets'],
    [
      file({ keyauth_credentials: [] }),
      'f: keyauth_credentials go under their consumer, in consumers[].keyauth_credentials',
    ],
    [file({ servces: [] }), 'f: unknown member servces'],
    [file({ services: {} }), 'f: services: expected a list'],
    [file({ _plugin_configs: { x: 1 } }), 'f: _plugin_configs.x: expected a config'],
  ])('%j', (document, problem) => {
    expect(problemsOf(document)).toEqual([problem])
  })

  it('all at once', () => {
    expect(problemsOf({ services: {}, nope: 1 })).toHaveLength(3)
  })
})

it('takes several files as one', () => {
  const content = joinContent([
    { name: 'a', document: file({ services: [{ name: 's' }], _info: { select_tags: ['x'] } }) },
    {
      name: 'b',
      document: file({ services: [{ name: 't' }], _info: { select_tags: ['x', 'y'] } }),
    },
  ])
  expect(content.tables.get('services')?.map(({ place }) => place)).toEqual([
    'a: services[1]',
    'b: services[1]',
  ])
  expect(content.selectTags).toEqual(['x', 'y'])
})

it('marks the regex paths of format 1.1 as today’s', () => {
  const paths = ['/plain', '/a/\\d+', '/x(.*)', '~/done/\\d+', '/pct%20', '/v1.0']
  const document = {
    _format_version: '1.1',
    services: [{ routes: [{ paths }] }],
    routes: [{ paths }],
  }
  const { tables } = joinContent([{ name: 'f', document }])
  const expected = ['/plain', '~/a/\\d+', '~/x(.*)', '~/done/\\d+', '/pct%20', '/v1.0']
  expect(tables.get('routes')).toMatchObject([{ value: { paths: expected } }])
  expect(tables.get('services')).toMatchObject([{ value: { routes: [{ paths: expected }] } }])
})
