import { toByteString } from '../lib/byte-string.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Answer, ClientRequest } from '../ports/server.ts'
import { requestAsked } from '../proxy/explain-request.ts'
import { readPreview } from './answer-preview.ts'
import { headersIn } from './explain.ts'
import type { Members } from './form.ts'
import { json, Refusal } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** What sending a request works with. */
export interface SendSources {
  /** The proxy, as server adapters call it. */
  readonly send: (request: ClientRequest) => Promise<Answer>
  readonly runtime: Pick<Runtime, 'now'>
}

/** `/debug/send`, which is ours: a request through this gateway's own proxy, and what came of it. */
export function sendResource(sources: SendSources): Resource {
  return {
    pattern: '/debug/send',
    handlers: { POST: async (call) => json(await sent(requestOf(call), sources)) },
  }
}

async function sent(request: ClientRequest, { send, runtime }: SendSources): Promise<unknown> {
  const start = runtime.now()
  const answer = await send(request)
  const head = runtime.now() - start
  const preview = await readPreview(answer)
  return {
    status: answer.status,
    reason: answer.reason,
    headers: pairsOf(answer.headers),
    ...preview,
    timings: { head_ms: head, total_ms: runtime.now() - start },
  }
}

function pairsOf(list: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) pairs.push([list[i] ?? '', list[i + 1] ?? ''])
  return pairs
}

const KNOWN: ReadonlySet<string> = new Set(['method', 'url', 'headers', 'body', 'sni', 'ip'])

function requestOf({ payload }: Call): ClientRequest {
  const given: Members = payload.kind === 'yaml' ? {} : payload.value
  const unknown = Object.keys(given).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) throw new Refusal(400, `Unknown member "${unknown}"`)
  const { method = 'GET', url, headers, body, sni, ip } = textsIn(given)
  if (url === undefined) throw new Refusal(400, 'Missing member "url"')
  const request = requestAsked({
    method,
    url,
    headers: headers === undefined ? [] : withoutFraming(headersIn(headers)),
    ...(sni === undefined ? {} : { sni }),
    ...(ip === undefined ? {} : { ip }),
  })
  if (typeof request === 'string') throw new Refusal(400, request)
  return body === undefined || body === '' ? request : withBody(request, body)
}

/** Texts all; `headers` may be an object, and is its JSON then. */
function textsIn(given: Members): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => {
        if (typeof value === 'string') return [name, value]
        if (name === 'headers') return [name, JSON.stringify(value)]
        throw new Refusal(400, `Give member "${name}" a text`)
      }),
  )
}

/** How a body is framed follows from the body. */
function withoutFraming(list: readonly string[]): string[] {
  const kept: string[] = []
  for (let i = 0; i < list.length; i += 2) {
    const [name = '', value = ''] = [list[i], list[i + 1]]
    if (!/^(content-length|transfer-encoding|connection|upgrade)$/i.test(name)) {
      kept.push(name, value)
    }
  }
  return kept
}

function withBody(request: ClientRequest, text: string): ClientRequest {
  const bytes = new TextEncoder().encode(text)
  return {
    ...request,
    headers: [...request.headers, 'Content-Length', toByteString(`${bytes.length}`)],
    body: {
      length: bytes.length,
      bytes: async () => bytes,
      async *stream() {
        yield bytes
      },
    },
  }
}
