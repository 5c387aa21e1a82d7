import { encodeBase64 } from '../../lib/base64.ts'
import type { RuntimeCaps } from '../../pdk/plugin.ts'
import type { HttpProxy } from '../../ports/transport.ts'

/** Why calls cannot go by the proxy that one of these fields names; undefined when they can. */
export function needsProxy(
  { proxy }: Pick<RuntimeCaps, 'proxy'>,
  config: Readonly<Record<string, unknown>>,
  ...fields: readonly string[]
): string | undefined {
  const named = fields.find((field) => typeof config[field] === 'string')
  return named === undefined || proxy === true
    ? undefined
    : `${named} is not supported on this runtime, which makes no calls by a proxy`
}

/** The proxy a URL names, user and password included; undefined where it names none. */
export function proxyOfUrl(text: string): HttpProxy | undefined {
  if (!URL.canParse(text)) return undefined
  const { hostname, port, username, password } = new URL(text)
  const proxy = proxyAt(hostname, port === '' ? 80 : Number(port))
  if (username === '' && password === '') return proxy
  const said = decoded(`${username}:${password}`)
  return said === undefined
    ? undefined
    : { ...proxy, authorization: `Basic ${encodeBase64(new TextEncoder().encode(said))}` }
}

/** The proxy at a host, which may be an address in brackets. */
export function proxyAt(host: string, port: number): HttpProxy {
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    // Its escapes are no text.
    return undefined
  }
}
