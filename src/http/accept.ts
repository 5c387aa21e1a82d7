/** The forms an error body can take. */
export type BodyForm = 'json' | 'plain' | 'html' | 'xml' | 'grpc'

const FORMS: ReadonlyMap<string, BodyForm> = new Map([
  ['application/json', 'json'],
  ['application/*', 'json'],
  ['*/*', 'json'],
  ['text/plain', 'plain'],
  ['text/*', 'plain'],
  ['text/html', 'html'],
  ['application/xml', 'xml'],
  ['application/grpc', 'grpc'],
])

/** The form of a type that an answer names itself. */
export function formNamed(type: string): BodyForm {
  return FORMS.get(type.split(';', 1)[0] ?? '') ?? 'json'
}

const MEDIA_RANGE = /^((?:[a-z0-9][\w!#$&^.+-]+|\*)\/(?:[a-z0-9][\w!#$&^.+-]+|\*))/i
const QUALITY = /\s*;\s*q=(1(?:\.0{0,3})?|0(?:\.\d{0,3})?)/iy
const PARAMETER = /\s*;\s*[a-z0-9][\w!#$&^.+-]+(?:=[^;]*)?/iy

/**
 * The form an `Accept` or `Content-Type` value asks for. Kong: the first of the highest q wins,
 * and a type it does not know gets JSON, as one in capitals does.
 */
export function formOf(types: string): BodyForm {
  let best = ''
  let bestQuality = 0
  for (const range of types.split(',')) {
    const text = range.trim()
    const type = MEDIA_RANGE.exec(text)?.[1]
    if (type === undefined) continue
    const quality = qualityOf(text, type.length)
    if (quality > bestQuality) {
      best = type
      bestQuality = quality
    }
  }
  return FORMS.get(best) ?? 'json'
}

/** Kong: read as far as it is well-formed; a parameter with a name of one char is not, but for `q`. */
function qualityOf(range: string, from: number): number {
  let quality = 1
  let at = from
  for (;;) {
    QUALITY.lastIndex = at
    const said = QUALITY.exec(range)?.[1]
    if (said !== undefined) {
      quality = Number(said)
      at = QUALITY.lastIndex
      continue
    }
    PARAMETER.lastIndex = at
    if (!PARAMETER.test(range)) return quality
    at = PARAMETER.lastIndex
  }
}
