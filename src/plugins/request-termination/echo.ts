import { fromByteString } from '../../lib/byte-string.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { readForm } from '../../pdk/form.ts'
import type { Kit } from '../../pdk/kit.ts'

interface EchoOptions {
  readonly kit: Pick<Kit, 'entities' | 'bodyLimit'>
  readonly message: string | undefined
}

/** What was understood of a request and where it would go, as Kong's request-termination tells it. */
export async function echoOf(exchange: Exchange, { kit, message }: EchoOptions): Promise<object> {
  const { request, route, service } = exchange
  const { entities, bodyLimit } = kit
  const { numbered, named } = request.captures
  const form = await readForm(exchange, bodyLimit)
  const raw = await request.readBody(bodyLimit)
  return {
    message,
    request: {
      scheme: request.scheme,
      host: request.host,
      port: request.port,
      headers: headersOf(request.headers.list),
      query: tableOf(request.queryArgs()),
      body: form?.fields,
      raw_body: raw === undefined ? undefined : new TextDecoder().decode(raw),
      method: request.method,
      path: fromByteString(request.path),
      // Kong: a list begins at 1; the whole match, at 0, is not told.
      uri_captures: { unnamed: numbered.slice(1), named },
    },
    matched_route: route && entities.get('routes', route.id),
    matched_service: service && entities.get('services', service.id),
  }
}

function headersOf(list: readonly string[]): object {
  const pairs: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    pairs.push([(list[i] as string).toLowerCase(), fromByteString(list[i + 1] as string)])
  }
  return tableOf(pairs)
}

/** Several of a name are a list. */
function tableOf(pairs: Iterable<readonly [string, unknown]>): object {
  const values = new Map<string, unknown[]>()
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value])
  return Object.fromEntries(
    Array.from(values, ([name, all]) => [name, all.length === 1 ? all[0] : all]),
  )
}
