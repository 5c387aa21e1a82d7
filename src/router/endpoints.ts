import { inRange, parseIpRange } from '../lib/ip.ts'
import type { Endpoint } from './router.ts'

/** Whether one end of a connection is among those a route names. */
export type EndpointTest = (ip: string | undefined, port: number | undefined) => boolean

/** Compiles a route's sources or destinations: each is an address or a range, a port, or both. */
export function endpointTest(endpoints: readonly Endpoint[]): EndpointTest {
  const tests = endpoints.map(testOf)
  return (ip, port) => tests.some((test) => test(ip, port))
}

function testOf({ ip, port }: Endpoint): EndpointTest {
  const wanted = port ?? undefined
  if (ip === undefined || ip === null) return (_, given) => given === wanted
  const range = parseIpRange(ip)
  // What is no address, which validation refuses, must not catch everything.
  if (range === undefined) return () => false
  return (address, given) => {
    if (wanted !== undefined && given !== wanted) return false
    return address !== undefined && inRange(range, address)
  }
}
