import { type EventReader, EventTooLong, type ServerEvent } from './server-events.ts'

/** Reads JSON objects one after the other, whatever is between them: line ends, or a list's commas and brackets. */
export function readJsonObjects(limit: number): EventReader {
  const decoder = new TextDecoder()
  let text = ''
  let depth = 0
  let inString = false
  let escaped = false

  const push = (char: string): boolean => {
    if (depth === 0 && char !== '{') return false
    text += char
    if (escaped) escaped = false
    else if (inString) {
      if (char === '\\') escaped = true
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{') depth++
    else if (char === '}') depth--
    return depth === 0
  }

  const take = (chars: string): ServerEvent[] => {
    const events: ServerEvent[] = []
    for (const char of chars) {
      if (!push(char)) continue
      events.push({ event: undefined, data: text })
      text = ''
    }
    if (text.length > limit) throw new EventTooLong('an object is too long')
    return events
  }

  return { read: (bytes) => take(decoder.decode(bytes, { stream: true })), end: () => [] }
}
