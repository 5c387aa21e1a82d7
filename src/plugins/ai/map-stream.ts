import type { ByteStream } from '../../lib/bytes.ts'
import { DONE, type EventMapper, type MappedEvent, type Usage } from './driver.ts'
import { type JsonObject, parseObject, textAt } from './json-reading.ts'
import type { EventReader } from './server-events.ts'
import { estimatedPiece, pieceOf } from './words.ts'

/** What a stream came to. */
export interface StreamTold {
  readonly usage: Usage
  readonly responseModel: string | undefined
  /** As the last event that says so says it. */
  readonly finishReason: string | undefined
  readonly text: string
}

/** How a stream is read, and who is told when it has ended. */
export interface StreamMapping {
  readonly reader: EventReader
  readonly mapper: EventMapper
  /** Whether the words themselves are wanted. */
  readonly keep: boolean
  readonly ended: (told: StreamTold) => void
}

const encoder = new TextEncoder()

/** Puts a provider's stream in OpenAI's words, event by event, as they come. */
export async function* mapStream(
  body: ByteStream,
  { reader, mapper, keep, ended }: StreamMapping,
): AsyncGenerator<Uint8Array> {
  const tally = createTally(keep)
  let done = false
  const written = (events: ReturnType<EventReader['read']>): Uint8Array | undefined => {
    let text = ''
    for (const event of events) {
      const mapped = mapper(event)
      tally.add(mapped)
      if (mapped.data === undefined || done) continue
      done = mapped.data.trim() === DONE
      text += `data: ${mapped.data.replaceAll('\n', '\ndata: ')}\n\n`
    }
    return text === '' ? undefined : encoder.encode(text)
  }
  try {
    for await (const chunk of body) {
      const bytes = written(reader.read(chunk))
      if (bytes !== undefined) yield bytes
    }
    const rest = written(reader.end())
    if (rest !== undefined) yield rest
    // Not every provider says so itself; whoever reads OpenAI's streams waits for it.
    if (!done) yield encoder.encode(`data: ${DONE}\n\n`)
  } finally {
    ended(tally.told())
  }
}

/** Lets a provider's stream pass as it is, and counts it; what cannot be read is not counted. */
export async function* watchStream(
  body: ByteStream,
  { reader, mapper, keep, ended }: StreamMapping,
): AsyncGenerator<Uint8Array> {
  const tally = createTally(keep)
  let readable = true
  const look = (read: () => ReturnType<EventReader['read']>): void => {
    if (!readable) return
    try {
      for (const event of read()) tally.add(mapper(event))
    } catch {
      // The client gets it all the same.
      readable = false
    }
  }
  try {
    for await (const chunk of body) {
      look(() => reader.read(chunk))
      yield chunk
    }
    look(() => reader.end())
  } finally {
    ended(tally.told())
  }
}

/** Counts what passes. A provider's own counts are better than ours; its last ones count. */
function createTally(keep: boolean): {
  add(mapped: MappedEvent): void
  told(): StreamTold
} {
  let prompt: number | undefined
  let completion: number | undefined
  let estimated = 0
  let responseModel: string | undefined
  let finishReason: string | undefined
  let text = ''
  return {
    add({ data, usage }) {
      prompt = usage?.prompt ?? prompt
      completion = usage?.completion ?? completion
      const event: JsonObject | undefined = data === undefined ? undefined : parseObject(data)
      if (event === undefined) return
      const piece = pieceOf(event)
      estimated += estimatedPiece(piece)
      responseModel ??= textAt(event, 'model')
      finishReason = textAt(event, 'choices', 0, 'finish_reason') ?? finishReason
      if (keep) text += piece
    },
    told: () => ({
      usage: { prompt, completion: completion ?? estimated },
      responseModel,
      finishReason,
      text,
    }),
  }
}
