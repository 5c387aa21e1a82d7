import { expect, it } from 'vitest'
import { clientRequest, settingsWith } from '../../test/proxy/fakes.ts'
import { LiveClientSide } from './client-side.ts'
import { createTrust, originOf } from './forwarded.ts'
import { readUnsound } from './read-request.ts'

function seen(claims: Readonly<Record<string, string>>, trust: readonly string[]) {
  const headers = Object.entries(claims).flatMap(([name, value]) => [`X-Forwarded-${name}`, value])
  const request = clientRequest({ host: 'Own.test:81', headers })
  const read = readUnsound(request)
  const settings = settingsWith({ trust })
  const trusts = createTrust(settings.trustedIps)
  const origin = originOf(request, read, { trusts, settings })
  const asked = { read, origin, match: undefined }
  const upstream = undefined as never // Nobody looks at it here.
  const side = new LiveClientSide(request, { asked, upstream, maxQueryArgs: 100 })
  const { forwardedScheme, forwardedHost, forwardedPort } = side
  return [forwardedScheme, forwardedHost, forwardedPort]
}

it.each([
  [{}, ['http', 'own.test', 8000]],
  [{ Proto: 'HTTPS', Host: 'A.test', Port: '443' }, ['https', 'a.test', 443]],
  [{ Host: 'u:p@A.test:8443' }, ['http', 'a.test', 8443]],
  [{ Host: 'a.test:8443', Port: '70000' }, ['http', 'a.test', 8443]],
  [{ Host: 'a.test:x', Port: '0' }, ['http', 'a.test', 8000]],
  [{ Host: 'a.test:8443', Port: '80' }, ['http', 'a.test', 80]],
])('shows plugins of %j what Kong does', (claims, shown) => {
  expect(seen(claims as Record<string, string>, ['10.0.0.0/8'])).toEqual(shown)
  expect(seen(claims as Record<string, string>, [])).toEqual(['http', 'own.test', 8000])
})
