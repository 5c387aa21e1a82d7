import { joinBytes } from '../../lib/join-bytes.ts'
import { type EventReader, EventTooLong, type ServerEvent } from './server-events.ts'

/** Lengths of the whole and of its headers, and a checksum of these, before each message. */
const PRELUDE = 12
/** The checksum behind each. */
const TRAILER = 4

const decoder = new TextDecoder()

/** Reads AWS's event streams (`application/vnd.amazon.eventstream`): messages of headers and a body. */
export function readEventStream(limit: number): EventReader {
  let held: Uint8Array[] = []
  let length = 0
  /** How many bytes have to be there before it is worth to look. */
  let needed = PRELUDE

  return {
    read(bytes) {
      held.push(bytes)
      length += bytes.length
      if (length < needed) return []
      let rest = joinBytes(held)
      const events: ServerEvent[] = []
      for (;;) {
        needed = rest.length < PRELUDE ? PRELUDE : lengthOf(rest, limit)
        if (rest.length < needed) break
        events.push(messageOf(rest.subarray(0, needed)))
        rest = rest.subarray(needed)
      }
      held = [rest]
      length = rest.length
      return events
    },
    end: () => [],
  }
}

function lengthOf(message: Uint8Array, limit: number): number {
  const length = viewOf(message).getUint32(0)
  const headers = viewOf(message).getUint32(4)
  if (length > limit || headers > length - PRELUDE - TRAILER) {
    throw new EventTooLong('a message is too long, or none')
  }
  return length
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function messageOf(message: Uint8Array): ServerEvent {
  const bodyAt = PRELUDE + viewOf(message).getUint32(4)
  const data = decoder.decode(message.subarray(bodyAt, message.length - TRAILER))
  return { event: typeOf(message.subarray(PRELUDE, bodyAt)), data }
}

/** Bytes a header's value takes, by its type; texts and bytes tell their length. */
const SIZES = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16] as const
const TEXT = 7

/** The header `:event-type`, or the type of an exception. */
function typeOf(headers: Uint8Array): string | undefined {
  const view = viewOf(headers)
  for (let at = 0; at < headers.length; ) {
    const nameEnd = at + 1 + view.getUint8(at)
    if (nameEnd >= headers.length) return undefined
    const name = decoder.decode(headers.subarray(at + 1, nameEnd))
    const type = view.getUint8(nameEnd)
    const sized = SIZES[type]
    if (sized === undefined && nameEnd + 3 > headers.length) return undefined
    const from = sized === undefined ? nameEnd + 3 : nameEnd + 1
    const to = from + (sized ?? view.getUint16(nameEnd + 1))
    if (type === TEXT && (name === ':event-type' || name === ':exception-type')) {
      return decoder.decode(headers.subarray(from, to))
    }
    at = to
  }
  return undefined
}
