import { exitWith } from '../pdk/exit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './fields/protocols.ts'
import { createMethods } from './grpc/load-methods.ts'
import { NO_PROTO } from './grpc/refusals.ts'
import { type Call, DIALECTS } from './grpc-web/content-type.ts'
import { decodeBody, translateAnswer, translateBody } from './grpc-web/translate.ts'

/** Lets browsers call gRPC services. */
export const grpcWeb = definePlugin(
  {
    name: 'grpc-web',
    priority: 3,
    protocols: anyProtocol,
    needs: ({ files }, { proto }) =>
      typeof proto === 'string' && !files ? 'there are no files on this runtime' : undefined,
    about: {
      summary: 'Lets browsers, which speak gRPC-Web, call a service that speaks gRPC.',
      example: { allow_origin_header: 'https://app.example.com' },
      service: 'grpc://localhost:50051',
      notes: [
        'The service has the protocol `grpc` or `grpcs`, the route `http` or `https`. Calls go up with the path the client sent; with `pass_stripped_path` without what `strip_path` takes off.',
        'Messages pass as they are, binary or as base64 (`application/grpc-web`, `application/grpc-web-text`, with `+proto` too). JSON messages (`+json`, or bare `application/json`) are translated by the file `proto`.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        proto: { type: 'string', required: false },
        pass_stripped_path: { type: 'boolean', required: false },
        allow_origin_header: { type: 'string', required: false, default: '*' },
      },
    },
  },
  (config, kit) => {
    const { allow_origin_header: origin, pass_stripped_path: stripped, proto } = config
    const methods = typeof proto === 'string' ? createMethods(proto, kit) : undefined
    return {
      access(exchange) {
        const { request, upstream } = exchange
        if (request.method === 'OPTIONS') return PREFLIGHT
        const type = request.headers.get('content-type')
        const dialect = DIALECTS.get(type ?? '')
        if (type === undefined || dialect === undefined) return NO_PROTO
        if (stripped !== true) upstream.path = request.rawPath
        upstream.headers.set('Content-Type', 'application/grpc')
        const call: Call = { type, dialect, method: undefined }
        exchange.shared.set(config, call)
        if (dialect.message === 'proto') {
          return dialect.text ? decodeBody(exchange, kit) : undefined
        }
        return methods === undefined ? NO_PROTO : translateBody(exchange, { call, methods, kit })
      },
      response({ request, response, shared }) {
        if (typeof origin === 'string') {
          response.headers.set('Access-Control-Allow-Origin', origin)
        }
        // What lies under the configuration was put there above.
        const call = shared.get(config) as Call | undefined
        if (call === undefined || response.source === 'exit') return undefined
        response.headers.set('Content-Type', call.type)
        if (request.method === 'POST' && response.source === 'service') {
          translateAnswer(response, call, kit)
        }
        return undefined
      },
    }
  },
)

const PREFLIGHT = exitWith(200, {
  body: 'OK',
  headers: [
    ...['Content-Type', 'application/grpc-web-text+proto'],
    ...['Access-Control-Allow-Methods', 'POST'],
    ...['Access-Control-Allow-Headers', 'content-type,x-grpc-web,x-user-agent'],
  ],
})
