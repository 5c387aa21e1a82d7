import * as texts from './texts.ts'

/** The protocols a service or route may speak, in the order Kong lists them. */
export const PROTOCOLS = [
  'grpc',
  'grpcs',
  'http',
  'https',
  'tcp',
  'tls',
  'tls_passthrough',
  'udp',
] as const

export const id = { type: 'string', uuid: true, auto: true } as const

/** A moment in whole seconds that Gibbon sets. */
export const autoTimestamp = { type: 'integer', timestamp: true, auto: true } as const

/** A moment in seconds and their fractions that Gibbon sets. */
export const autoPreciseTimestamp = { type: 'number', timestamp: true, auto: true } as const

export const name = { type: 'string', unique: true, check: texts.checkName } as const

export const tags = {
  type: 'set',
  elements: { type: 'string', required: true, check: texts.checkTag },
} as const

export const port = { type: 'integer', between: [0, 65535] } as const

/** Milliseconds, at least one. */
export const timeout = { type: 'integer', between: [1, 2147483646], default: 60000 } as const

export const path = {
  type: 'string',
  starts_with: '/',
  match_none: [{ pattern: '//', err: 'must not have empty segments' }],
  check: texts.checkPath,
} as const

export const certificate = { type: 'foreign', reference: 'certificates' } as const
