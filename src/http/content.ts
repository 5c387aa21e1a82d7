import type { Body } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { Tunnel } from '../ports/server.ts'

/** An answer's content, before the headers that are ours are written below it. */
export interface Content {
  status: number
  /** The reason phrase; empty for the status' usual one. */
  reason: string
  readonly headers: HeaderList
  body: Body | undefined
  trailers: (() => HeaderList) | undefined
  readonly tunnel: Tunnel | undefined
  /** The client's method was HEAD: what is told of a body stays, the body does not. */
  readonly head: boolean
}
