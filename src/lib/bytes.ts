/** Bytes on their way, read once; reading pulls, so a slow reader holds the sender back. */
export type ByteStream = AsyncIterable<Uint8Array>

/** A message body: whole in memory when it was small, else a stream. */
export type Body = Uint8Array | ByteStream
