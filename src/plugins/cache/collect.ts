import { joinBytes } from '../../lib/join-bytes.ts'
import type { AnswerSide, Exchange } from '../../pdk/exchange.ts'

/** No answer with a longer body is kept in memory. */
export const MOST_IN_MEMORY = 8 * 2 ** 20

/** Nor in the KV: the least of what KVs hold in one value is 2 MB, and bodies grow there by a third. */
export const MOST_IN_KV = 2 ** 20

/** Whether an answer says that its body is longer. */
export function isTooLong({ request, response }: Exchange, most: number): boolean {
  return request.method !== 'HEAD' && Number(response.headers.get('content-length')) > most
}

/**
 * Gives the body of an answer once it is whole; undefined for one that was cut or is too long. One
 * whose length is known is read at once, so that a slow client keeps nobody waiting for it; any
 * other is watched on its way, so that the client waits for nothing.
 */
export function collectBody(
  response: AnswerSide,
  collecting: Collecting,
): Promise<undefined> | undefined {
  if (response.headers.has('content-length')) return readWhole(response, collecting)
  watchBody(response, collecting)
  return undefined
}

/** How long a body may be, and who gets it. */
interface Collecting {
  readonly most: number
  collected(body: Uint8Array | undefined): void
}

async function readWhole(
  response: AnswerSide,
  { most, collected }: Collecting,
): Promise<undefined> {
  let body: Uint8Array | undefined
  try {
    body = await response.readBody(most)
  } finally {
    collected(body)
  }
}

function watchBody(response: AnswerSide, { most, collected }: Collecting): void {
  const chunks: Uint8Array[] = []
  let length = 0
  let isOver = false
  const end = (body: Uint8Array | undefined): void => {
    if (isOver) return
    isOver = true
    chunks.length = 0
    collected(body)
  }
  response.watch({
    chunk(bytes) {
      if (isOver) return
      length += bytes.length
      if (length > most) end(undefined)
      else chunks.push(bytes)
    },
    end: (whole) => end(whole ? joinBytes(chunks) : undefined),
  })
}
