import { expect, it } from 'vitest'
import { asksTrailers, readClientHeaders } from './headers.ts'

it.each([
  { sent: 'a=1; gibbon_manager_8001=secret; b=2', kept: ['Cookie', 'a=1; b=2'] },
  { sent: 'gibbon_manager=secret', kept: [] },
  { sent: 'gibbon_manager=secret;gibbon_manager_80=x', kept: [] },
  {
    sent: 'my_gibbon_manager=1; gibbon_managers=2',
    kept: ['Cookie', 'my_gibbon_manager=1; gibbon_managers=2'],
  },
  { sent: 'a=gibbon_manager=1', kept: ['Cookie', 'a=gibbon_manager=1'] },
])('keeps the cookie of the Manager from upstreams: $sent', ({ sent, kept }) => {
  const read = readClientHeaders(['Host', 'a.test', 'Cookie', sent])
  expect(read.kept.slice(2)).toEqual(kept)
})

it('believes the first of several lines, but keeps all of a list', () => {
  const lines = ['Proto', 'Host', 'Port', 'Path', 'Prefix', 'For'].flatMap((name) => [
    ...[`X-Forwarded-${name}`, '1'],
    ...[`x-forwarded-${name}`, '2'],
  ])
  expect(readClientHeaders(['Via', '1', ...lines, 'via', '2'])).toMatchObject({
    forwardedProto: '1',
    forwardedHost: '1',
    forwardedPort: '1',
    forwardedPath: '1',
    forwardedPrefix: '1',
    forwardedFor: '1, 2',
    via: '1, 2',
  })
})

it.each([
  ['trailers', true],
  ['gzip;q=0.5, Trailers', true],
  ['trailers;q=0.5', false],
  ['xtrailers', false],
])('TE "%s" asks for trailers: %s', (te, asks) => {
  expect(asksTrailers(te)).toBe(asks)
})
