/** Kong's phases that functions run in. */
export type LuaPhase =
  | 'certificate'
  | 'rewrite'
  | 'access'
  | 'header_filter'
  | 'body_filter'
  | 'log'

/** Those, and what else Kong names when it refuses a call. */
export type KongPhase =
  | LuaPhase
  | 'balancer'
  | 'response'
  | 'cluster_listener'
  | 'preread'
  | 'error'
  | 'admin_api'

const ANSWERS = ['header_filter', 'body_filter', 'log'] as const

/** There is a request. */
export const REQUEST = [
  ...(['rewrite', 'access', 'response', 'cluster_listener'] as const),
  ...([...ANSWERS, 'error', 'admin_api'] as const),
] as const

/** The request's body may still be read. */
export const BEFORE_CONTENT = ['rewrite', 'access', 'response', 'error', 'admin_api'] as const

/** It is known who asks, and what route is meant. */
export const ROUTED = ['access', 'response', ...ANSWERS] as const

/** The request to the service is still to be written. */
export const REWRITING = ['rewrite', 'access'] as const
export const SENDING = ['rewrite', 'access', 'balancer'] as const
export const CONNECTING = ['rewrite', 'access', 'balancer', 'preread'] as const

/** The answer's head may be changed. */
export const HEAD = [
  ...(['rewrite', 'access', 'response', 'header_filter', 'error', 'admin_api'] as const),
] as const

/** There is an answer. */
export const ANSWERED = ['response', ...ANSWERS, 'error', 'admin_api'] as const

/** There is an answer of the service. */
export const RECEIVED = ['response', ...ANSWERS] as const

/** Values of the log record may be set. */
export const RECORDING = ['rewrite', 'access', 'response', ...ANSWERS] as const

/** A client's certificate may be asked for, or spoken about. */
export const WITH_CERTIFICATE = ['rewrite', 'access', 'balancer', 'response', 'log'] as const
export const BEFORE_LOG = ['rewrite', 'access', 'balancer', 'response'] as const
