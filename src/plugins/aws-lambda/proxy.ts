import type { HttpProxy } from '../../ports/transport.ts'
import { proxyOfUrl } from '../fields/http-proxy.ts'
import type { LambdaConfig } from './config.ts'

/** What calls to AWS go by; those to the machine's own metadata never do, as in Kong. */
export function proxyToAws({
  proxy_url: url,
}: Pick<LambdaConfig, 'proxy_url'>): HttpProxy | undefined {
  if (url === null) return undefined
  const proxy = proxyOfUrl(url)
  // Refused when configured; rather no call than one by another way.
  if (proxy === undefined) throw new Error('proxy_url names no proxy')
  return proxy
}
