/** One event of a stream of server-sent events. */
export interface ServerEvent {
  readonly event: string | undefined
  readonly data: string
}

/** Takes a stream apart, however its bytes are cut. */
export interface EventReader {
  /** The events that end within these bytes. */
  read(bytes: Uint8Array): readonly ServerEvent[]
  /** What is left when the stream has ended. */
  end(): readonly ServerEvent[]
}

/** A stream's event is longer than we hold; nothing after it can be told. */
export class EventTooLong extends Error {
  override readonly name = 'EventTooLong'
}

/** An event whose end has not come. */
interface OpenEvent {
  event: string | undefined
  data: string[]
}

/** Reads server-sent events: lines end in CR, LF or both, events in an empty line. */
export function readServerEvents(limit: number): EventReader {
  const decoder = new TextDecoder()
  const open: OpenEvent = { event: undefined, data: [] }
  let rest = ''
  /** How much of it has no end of a line: a long one in many pieces is looked at once. */
  let searched = 0

  const take = (text: string, last: boolean): ServerEvent[] => {
    rest += text
    const events: ServerEvent[] = []
    for (;;) {
      const [end, next] = lineEnd(rest, { from: searched, last })
      if (next < 0) {
        searched = end
        break
      }
      searched = 0
      const ended = takeLine(open, rest.slice(0, end))
      if (ended !== undefined) events.push(ended)
      rest = rest.slice(next)
    }
    if (rest.length + sizeOf(open.data) > limit) throw new EventTooLong('an event is too long')
    return events
  }

  return {
    read: (bytes) => take(decoder.decode(bytes, { stream: true }), false),
    // Kong and most servers: an event without its empty line counts when the stream ends.
    end: () => take(`${decoder.decode()}\n\n`, true),
  }
}

/** Puts a line to the event it is of; gives the event that an empty one ends. */
function takeLine(open: OpenEvent, text: string): ServerEvent | undefined {
  if (text === '') {
    const { event, data } = open
    open.event = undefined
    open.data = []
    return data.length === 0 ? undefined : { event, data: data.join('\n') }
  }
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
  if (name === 'event') open.event = value
  else if (name === 'data') open.data.push(value)
  return undefined
}

/** Where the first line ends and the next begins; -1 for the next when that is not known yet. */
function lineEnd(
  text: string,
  { from, last }: { readonly from: number; readonly last: boolean },
): readonly [end: number, next: number] {
  let end = from
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++
  if (end === text.length) return [end, -1]
  if (text[end] === '\n') return [end, end + 1]
  // A CR at the very end may be the first half of a CRLF.
  if (end + 1 === text.length && !last) return [end, -1]
  return [end, text[end + 1] === '\n' ? end + 2 : end + 1]
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length, 0)
}
