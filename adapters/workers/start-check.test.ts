import { expect, it } from 'vitest'
import { startErrors } from './start-check.ts'

it.each([
  { what: 'nothing', bindings: {}, flags: ['proxy-listen'], said: [] },
  {
    what: 'an unknown flag',
    bindings: {},
    flags: ['nosuch'],
    said: ['unknown flag --nosuch; docs/settings.md lists them'],
  },
  {
    what: 'a slip',
    bindings: {},
    flags: ['proxy-lisen'],
    said: ['unknown flag --proxy-lisen, did you mean --proxy-listen; docs/settings.md lists them'],
  },
  {
    what: 'a wrong value',
    bindings: { GIBBON_WORKERS: '2' },
    flags: ['workers'],
    said: ['Cannot read the settings: workers: the platform decides how many there are'],
  },
])('has said before the start: $what', ({ bindings, flags, said }) => {
  expect(startErrors(bindings, flags)).toEqual(said)
})

it('lets nobody in from elsewhere without a token', () => {
  const [said] = startErrors({ KONG_ADMIN_LISTEN: '0.0.0.0:8001' }, [])
  expect(said).toContain('admin_token')
})
