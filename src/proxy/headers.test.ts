import { expect, it } from 'vitest'
import { readClientHeaders } from './headers.ts'

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
