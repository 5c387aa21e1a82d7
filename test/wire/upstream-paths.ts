import { expect } from 'vitest'
import { PATH_PLACES } from './places.ts'
import { requestText } from './raw-client.ts'
import type { WireCase } from './world.ts'

type Place = keyof typeof PATH_PLACES

/** Kong §1.5: what the service's path, the route's and strip_path make of a request's path. */
const ROWS: readonly (readonly [place: Place, sent: string, up: string])[] = [
  ['a.paths', '/users', '/api/sers'],
  ['a.paths', '/u', '/api'],
  ['a.paths', '/u/', '/api/'],
  ['a.paths', '/u/x/y', '/api/x/y'],
  ['a.paths', '/u../x', '/api/x'],
  ['a.paths', '/u./x', '/api/x'],
  ['a.paths', '/u..', '/api'],
  ['a.paths', '/u?q=/u', '/api?q=/u'],
  ['a.paths', '/%75/x', '/api/x'],
  ['a.paths', '/a/../u/x', '/api/x'],
  ['b.paths', '/u', '/api'],
  ['b.paths', '/u/', '/api/'],
  ['b.paths', '/u/x', '/api/x'],
  ['b.paths', '/users', '/api/sers'],
  ['c.paths', '/u/x', '/api/x'],
  ['c.paths', '/u/', '/api/'],
  ['d.paths', '/u/', '/api/'],
  ['d.paths', '/u/x', '/api/x'],
  ['e.paths', '/u/x', '/api/u/x'],
  ['f.paths', '/', '/api'],
  ['f.paths', '/x', '/api/x'],
  ['g.paths', '/u', '/'],
  ['g.paths', '/u/', '/'],
  ['h.paths', '/u/x', '/api/u/x'],
  ['i.paths', '/', '/api'],
  ['i.paths', '/x', '/api/x'],
  ['j.paths', '/n/42/x', '/api/x'],
  ['j.paths', '/n/42', '/api'],
  ['k.paths', '/x', '/x'],
  ['k.paths', '/', '/'],
]

/** Cases of the upstream path. */
export const upstreamPathCases: readonly WireCase[] = ROWS.map(
  ([place, sent, wanted]): WireCase => {
    const { service, route, strip } = PATH_PLACES[place]
    const taken = strip ? 'stripped' : 'kept'
    return {
      name: `${sent} by route ${route ?? '(host)'} (${taken}) and service ${service} is ${wanted}`,
      run: async ({ exchange }) => {
        const { up } = await exchange(requestText(`GET ${sent}`, place))
        expect(up().target).toBe(wanted)
      },
    }
  },
)
