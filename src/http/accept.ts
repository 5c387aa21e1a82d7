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

/**
 * The form an `Accept` or `Content-Type` value asks for. Kong: the first of the highest q wins,
 * and a type it does not know gets JSON.
 */
export function formOf(types: string): BodyForm {
  let best = ''
  let bestQuality = 0
  for (const range of types.split(',')) {
    const [type = '', ...parameters] = range.split(';')
    const quality = qualityOf(parameters)
    if (quality > bestQuality && type.includes('/')) {
      best = type.trim().toLowerCase()
      bestQuality = quality
    }
  }
  return best.startsWith('application/grpc') ? 'grpc' : (FORMS.get(best) ?? 'json')
}

function qualityOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=')
    if (name.trim().toLowerCase() !== 'q') continue
    const quality = Number(value.trim() === '' ? Number.NaN : value)
    return quality >= 0 && quality <= 1 ? quality : 1
  }
  return 1
}
