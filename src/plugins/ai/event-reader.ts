import { readEventStream } from './event-stream.ts'
import { readJsonObjects } from './json-objects.ts'
import { type EventReader, readServerEvents } from './server-events.ts'

const SPACE = new Set([0x09, 0x0a, 0x0d, 0x20])
/** `{`, `[` and `,`: a stream that is not made of server-sent events. */
const JSON_START = new Set([0x7b, 0x5b, 0x2c])

/** Reads a stream in whichever of three ways a provider writes it. */
export function readEvents(contentType: string, limit: number): EventReader {
  if (contentType.startsWith('application/vnd.amazon.eventstream')) return readEventStream(limit)
  let reader: EventReader | undefined
  return {
    read(bytes) {
      if (reader === undefined) {
        // Kong: what begins like JSON is read as such, whatever it is called.
        const first = bytes.find((byte) => !SPACE.has(byte))
        if (first === undefined) return []
        reader = JSON_START.has(first) ? readJsonObjects(limit) : readServerEvents(limit)
      }
      return reader.read(bytes)
    },
    end: () => reader?.end() ?? [],
  }
}
