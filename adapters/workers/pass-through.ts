import type { PassThrough } from './platform.ts'

declare const FixedLengthStream: new (length: number) => PassThrough
declare const IdentityTransformStream: new () => PassThrough

/** A pipe whose bytes stay in the runtime; only one of a known length is sent with Content-Length. */
export function passThrough(length: number | undefined): PassThrough {
  return length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length)
}
