import type { Settings } from '../settings/settings.ts'

/** Which headers of our own are sent, read once from the settings `headers` and `headers_upstream`. */
export interface OwnHeaders {
  readonly server: boolean
  readonly via: boolean
  readonly requestId: boolean
  readonly proxyLatency: boolean
  readonly upstreamLatency: boolean
  readonly responseLatency: boolean
  readonly upstreamStatus: boolean
  /** To the upstream. */
  readonly upstreamRequestId: boolean
}

/** Kong: `server_tokens` and `latency_tokens` stand for their whole group. */
export function ownHeaders(settings: Pick<Settings, 'headers' | 'headersUpstream'>): OwnHeaders {
  const { headers } = settings
  const tokens = headers.has('server_tokens')
  const latencies = headers.has('latency_tokens')
  return {
    server: tokens || headers.has('server'),
    via: tokens || headers.has('via'),
    requestId: headers.has('x-kong-request-id'),
    proxyLatency: latencies || headers.has('x-kong-proxy-latency'),
    upstreamLatency: latencies || headers.has('x-kong-upstream-latency'),
    responseLatency: latencies || headers.has('x-kong-response-latency'),
    upstreamStatus: headers.has('x-kong-upstream-status'),
    upstreamRequestId: settings.headersUpstream.has('x-kong-request-id'),
  }
}
