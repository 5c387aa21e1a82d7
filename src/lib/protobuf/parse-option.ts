import type { TextMessage } from './file.ts'
import { type Reader, unexpected } from './reader.ts'
import { ProtoError } from './tokens.ts'

type Value = string | TextMessage

/** Parses `{ name: value … }`, the text form of a message. */
export function parseOptionMessage(reader: Reader, depth = 0): TextMessage {
  if (depth > 10) throw new ProtoError('an option is nested too deep')
  const members = new Map<string, Value[]>()
  reader.expect('{')
  while (!reader.accept('}')) {
    if (reader.accept(',') || reader.accept(';')) continue
    const name = reader.take('name')
    const colon = reader.accept(':')
    const values = parseValues(reader, { depth, colon })
    members.set(name, [...(members.get(name) ?? []), ...values])
  }
  return members
}

interface Place {
  readonly depth: number
  readonly colon: boolean
}

function parseValues(reader: Reader, { depth, colon }: Place): Value[] {
  if (reader.peek().text === '{') return [parseOptionMessage(reader, depth + 1)]
  if (!colon) throw unexpected(reader.peek())
  if (!reader.accept('[')) return [parseScalar(reader)]
  const values: Value[] = []
  while (!reader.accept(']')) {
    if (reader.accept(',')) continue
    const isMessage = reader.peek().text === '{'
    values.push(isMessage ? parseOptionMessage(reader, depth + 1) : parseScalar(reader))
  }
  return values
}

/** Texts next to each other are one. */
function parseScalar(reader: Reader): string {
  const word = reader.next()
  if (word.kind === 'sign' || word.kind === 'end') throw unexpected(word)
  let { text } = word
  while (word.kind === 'string' && reader.peek().kind === 'string') text += reader.next().text
  return text
}
