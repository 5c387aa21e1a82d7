import type { ByteStream } from '../../lib/bytes.ts'
import { TRAILERS, writeFrame } from '../../lib/grpc/frames.ts'
import { type HeaderList, headerOf } from '../../lib/header-list.ts'
import { bytesOf } from '../../lib/latin1.ts'
import type { AnswerSide } from '../../pdk/exchange.ts'

/** Makes one piece of an answer another. */
export type Piece = (bytes: Uint8Array) => Uint8Array

/** Passes an answer on, its trailers in a last frame: a browser is shown no others. */
export function frameTrailers(
  response: AnswerSide,
  piece: Piece,
  through: (body: ByteStream) => ByteStream = (body) => pieces(body, piece),
): void {
  const { trailers, headers } = response
  const last = (): Uint8Array => piece(trailerFrame(trailers?.() ?? [], headers.list))
  response.setTrailers(() => [])
  if (!response.hasBody) response.setBody(last())
  else response.transform((body) => ended(through(body), last))
}

async function* pieces(body: ByteStream, piece: Piece) {
  for await (const chunk of body) if (chunk.length > 0) yield piece(chunk)
}

async function* ended(body: ByteStream, last: () => Uint8Array) {
  yield* body
  yield last()
}

/** An answer without messages may have its trailers among the headers. */
function trailerFrame(trailers: HeaderList, headers: readonly string[]): Uint8Array {
  const find = (name: string) => headerOf(trailers, name) ?? headerOf(headers, name)
  const status = find('grpc-status') ?? '0'
  const message = find('grpc-message') ?? ''
  return writeFrame(TRAILERS, bytesOf(`grpc-status:${status}\r\ngrpc-message:${message}\r\n`))
}
