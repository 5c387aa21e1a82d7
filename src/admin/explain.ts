import { type ExplainSources, explain } from '../proxy/explain.ts'
import { type Question, requestAsked } from '../proxy/explain-request.ts'
import { json, Refusal } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** `/debug/explain`, which is ours: what would become of a request, without one being sent. */
export function explainResource(sources: ExplainSources): Resource {
  return {
    pattern: '/debug/explain',
    handlers: {
      GET(call) {
        const request = requestAsked(questionOf(call))
        if (typeof request === 'string') throw new Refusal(400, request)
        return json(explain(sources, request))
      },
    },
  }
}

const KNOWN: ReadonlySet<string> = new Set(['method', 'url', 'header', 'headers', 'sni', 'ip'])

function questionOf({ query }: Call): Question {
  const unknown = query.all.find(([name]) => !KNOWN.has(name))
  if (unknown !== undefined) throw new Refusal(400, `Unknown argument "${unknown[0]}"`)
  const texts = Object.fromEntries(
    ['method', 'url', 'headers', 'sni', 'ip'].map((name) => [name, textOf({ query }, name)]),
  )
  const { method = 'GET', url, headers, sni, ip } = texts
  if (url === undefined) throw new Refusal(400, 'Missing argument "url"')
  const repeated = query.all.filter(([name]) => name === 'header')
  return {
    method,
    url,
    headers: [
      ...(headers === undefined ? [] : headersIn(headers)),
      ...repeated.flatMap(([, value]) => headerIn(value)),
    ],
    ...(sni === undefined ? {} : { sni }),
    ...(ip === undefined ? {} : { ip }),
  }
}

function textOf({ query }: Pick<Call, 'query'>, name: string): string | undefined {
  const value = query.single(name)
  if (value === true) throw new Refusal(400, `Give argument "${name}" one value`)
  return value
}

/** `Name: value`. */
function headerIn(text: string | true): [string, string] {
  const colon = text === true ? -1 : text.indexOf(':')
  if (text === true || colon < 1) throw new Refusal(400, 'Write header=Name: value')
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

/** Reads headers from a JSON object of texts, or of lists of them. */
export function headersIn(text: string): string[] {
  const refusal = new Refusal(400, 'Write headers={"Name": "value"}')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw refusal
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refusal
  return Object.entries(parsed).flatMap(([name, given]: [string, unknown]) => {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given]
    return values.flatMap((value) => {
      if (typeof value !== 'string') throw refusal
      return [name, value]
    })
  })
}
