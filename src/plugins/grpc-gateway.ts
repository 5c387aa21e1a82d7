import { fromByteString } from '../lib/byte-string.ts'
import type { Method } from '../lib/protobuf/schema.ts'
import type { AnswerSide, Exchange } from '../pdk/exchange.ts'
import { type Exit, exitWith, refusal, UNEXPECTED } from '../pdk/exit.ts'
import type { Kit } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './fields/protocols.ts'
import { createMethods } from './grpc/load-methods.ts'
import { frameOf, jsonMessages } from './grpc/messages.ts'
import { NO_PROTO, refusedText } from './grpc/refusals.ts'
import { type Binding, bindingsOf } from './grpc-gateway/bindings.ts'
import { addBody, addQuery, nullField, type Payload, pathPayload } from './grpc-gateway/payload.ts'
import { httpStatusOf } from './grpc-gateway/status.ts'

/** Answers JSON clients from a gRPC service. */
export const grpcGateway = definePlugin(
  {
    name: 'grpc-gateway',
    priority: 998,
    protocols: anyProtocol,
    needs: ({ files }, { proto }) =>
      typeof proto === 'string' && !files ? 'there are no files on this runtime' : undefined,
    about: {
      summary: 'Lets clients that speak JSON over HTTP call a service that speaks gRPC.',
      example: { proto: '/etc/gateway/greeter.proto' },
      service: 'grpc://localhost:50051',
      notes: [
        'The service has the protocol `grpc` or `grpcs`, the route `http` or `https`. The file says by `google.api.http` which method and path call what; it and what it imports, from the same folder, are read at the first call.',
        'Fields come from the path, the body and, without `body` in the rule, the query. Answers have the names of the file, 64-bit numbers as texts where JSON would round them, `bytes` in base64.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        proto: { type: 'string', required: false },
      },
    },
  },
  (config, kit) => {
    const { proto } = config
    const methods = typeof proto === 'string' ? createMethods(proto, kit) : undefined
    let read: readonly Method[] | undefined
    let bindings: readonly Binding[] = []
    return {
      async access(exchange) {
        if (exchange.request.method === 'OPTIONS') return PREFLIGHT
        if (methods === undefined) return NO_PROTO
        const found = await methods()
        if (found === undefined) return UNEXPECTED
        if (found !== read) bindings = bindingsOf(found)
        read = found
        const called = find(bindings, exchange)
        if (typeof called === 'string')
          return refusedText(`failed to transcode .proto file ${called}`)
        exchange.shared.set(config, called.binding.target)
        return send(exchange, called, kit)
      },
      response({ response, shared }) {
        response.headers.set('Access-Control-Allow-Origin', '*')
        // What lies under the configuration was put there above.
        const target = shared.get(config) as Method | undefined
        if (target !== undefined && response.source === 'service') answer(response, target, kit)
        return undefined
      },
    }
  },
)

interface Called {
  readonly binding: Binding
  readonly payload: Payload
}

function find(bindings: readonly Binding[], { request }: Exchange): Called | string {
  const method = request.method.toLowerCase()
  const those = bindings.filter((binding) => binding.method === method)
  if (those.length === 0) return `Unknown method "${method}"`
  // Kong: the normalised path, in which `%2F` and its like stay as they are.
  const path = fromByteString(request.path)
  for (const binding of those) {
    const payload = pathPayload(binding, path)
    if (payload !== undefined) return { binding, payload }
  }
  return `Unknown path "${path}"`
}

async function send(
  exchange: Exchange,
  { binding, payload }: Called,
  { bodyLimit, runtime }: Kit,
): Promise<Exit | undefined> {
  const { request, upstream } = exchange
  const { input, path } = binding.target
  if (binding.body === undefined) addQuery(payload, exchange, input)
  else {
    const body = await request.readBody(bodyLimit)
    if (body === undefined) return refusal(413, 'Request size limit exceeded')
    const wrong = addBody(payload, binding.body, body)
    if (wrong !== undefined) return refusedText(wrong)
    const none = nullField(input, payload)
    if (none !== undefined) return noMessage(`'${none}': expected a value`, runtime)
  }
  const frame = frameOf(input, payload)
  if (typeof frame === 'string') return noMessage(frame, runtime)
  upstream.headers.set('Content-Type', 'application/grpc')
  upstream.method = 'POST'
  upstream.path = path
  upstream.rawQuery = ''
  upstream.setBody(frame)
  return undefined
}

/** Kong: why is told to the log alone. */
function noMessage(why: string, { log }: Kit['runtime']): Exit {
  log('error', `Cannot encode a message: ${why}`, { plugin: 'grpc-gateway' })
  return refusedText('failed to encode payload')
}

function answer(response: AnswerSide, { output: type }: Method, { bodyLimit: limit }: Kit): void {
  const status = response.headers.get('grpc-status')
  if (status !== undefined) response.status = httpStatusOf(status)
  response.headers.set('Content-Type', 'application/json')
  response.setTrailers(() => [])
  response.transform((body) => jsonMessages(body, { type, limit, piece: (json) => json }))
}

const PREFLIGHT = exitWith(200, {
  body: 'OK',
  headers: [
    ...['Content-Type', 'application/json'],
    ...['Access-Control-Allow-Methods', 'GET,POST,PATCH,DELETE'],
    ...['Access-Control-Allow-Headers', 'content-type'],
  ],
})
