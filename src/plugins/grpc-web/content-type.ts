import type { Method } from '../../lib/protobuf/schema.ts'

/** What is known of a call until its answer. */
export interface Call {
  /** The client's Content-Type, which the answer bears too. */
  readonly type: string
  readonly dialect: Dialect
  /** What JSON is translated by. */
  method: Method | undefined
}

/** How a client of gRPC-Web speaks. */
export interface Dialect {
  readonly text: boolean
  readonly message: 'proto' | 'json'
  /** Whether messages come in frames, trailers in the last. */
  readonly framed: boolean
}

/** By the Content-Type, which Kong compares whole. */
export const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['application/grpc-web', { text: false, message: 'proto', framed: true }],
  ['application/grpc-web-text', { text: true, message: 'proto', framed: true }],
  ['application/grpc-web+proto', { text: false, message: 'proto', framed: true }],
  ['application/grpc-web-text+proto', { text: true, message: 'proto', framed: true }],
  ['application/grpc-web+json', { text: false, message: 'json', framed: true }],
  ['application/grpc-web-text+json', { text: true, message: 'json', framed: true }],
  ['application/json', { text: false, message: 'json', framed: false }],
])
