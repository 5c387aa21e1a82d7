import { type Unmapped, unmapped } from '../driver.ts'
import { at, type JsonObject, textAt } from '../json-reading.ts'

/** A part of a message, text or picture, as Gemini has it. */
export function geminiPart(part: unknown): JsonObject | Unmapped {
  const type = at(part, 'type')
  if (type === 'text') {
    const text = textAt(part, 'text')
    const missing = "message part type is 'text' but is missing .text block"
    return text === undefined ? unmapped(missing) : { text }
  }
  if (type !== 'image_url') {
    return unmapped(`cannot transform part of type '${type}' to Gemini format`)
  }
  const url = textAt(part, 'image_url', 'url')
  if (url === undefined) {
    return unmapped("message part type is 'image_url' but is missing .image_url.url block")
  }
  if (url.length < 10) {
    const why = 'image URL is less than 10 bytes, which is not parsable'
    return unmapped(`could not decode OpenAI image-part, ${why}`)
  }
  return pictureOf(url)
}

/** What is no picture in itself lies elsewhere, and Gemini fetches it. */
function pictureOf(url: string): JsonObject {
  const comma = url.indexOf(',')
  if (!url.startsWith('data:') || comma < 0) {
    return { fileData: { fileUri: url, mimeType: 'image/generic' } }
  }
  const [mimeType] = url.slice('data:'.length, comma).split(';')
  return { inlineData: { data: url.slice(comma + 1), mimeType } }
}
