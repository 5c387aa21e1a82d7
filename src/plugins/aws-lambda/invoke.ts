import { signRequest } from '../../lib/sigv4.ts'
import type { HttpReply } from '../../pdk/http-call.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LambdaConfig } from './config.ts'
import { credentialSource } from './credentials.ts'
import { proxyToAws } from './proxy.ts'
import { regionOf } from './region.ts'

/** Calls the configured function with a payload; rejects when AWS cannot be asked. */
export type Invoke = (payload: Uint8Array<ArrayBuffer>) => Promise<HttpReply>

/** Prepares the calls of one configuration; a text when something is missing in it. */
export function createInvoke(config: LambdaConfig, kit: Kit): Invoke | string {
  const { function_name: name } = config
  const region = regionOf(config, kit.runtime)
  if (region === undefined) return 'no region specified'
  if (name === null) return 'no function name specified'
  const url = urlOf(config, region, name)
  const proxy = proxyToAws(config)
  const credentialsNow = credentialSource(config, kit)
  const headers = [
    ...['Content-Type', 'application/x-amz-json-1.1'],
    ...['X-Amz-Invocation-Type', config.invocation_type],
    ...['X-Amz-Log-Type', config.log_type],
  ]

  return async (body) => {
    const credentials = await credentialsNow()
    const now = kit.runtime.now()
    const signing = { method: 'POST', url, headers, body, region, service: 'lambda' }
    return kit.http({
      url,
      method: 'POST',
      headers: await signRequest({ ...signing, credentials, now }),
      body,
      timeout: config.timeout,
      proxy,
      // Kong verifies nobody; here AWS has to be AWS, and who names a host of his own knows it.
      tlsVerify: config.host === null,
    })
  }
}

function urlOf(config: LambdaConfig, region: string, name: string): URL {
  const scheme = config.disable_https === true ? 'http' : 'https'
  const host = config.host ?? `lambda.${region}.amazonaws.com`
  const url = new URL(`${scheme}://${host}:${config.port ?? 443}`)
  url.pathname = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`
  if (config.qualifier !== null) url.search = `Qualifier=${encodeURIComponent(config.qualifier)}`
  return url
}
