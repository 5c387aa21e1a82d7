import type { Exchange } from '../pdk/exchange.ts'
import { type Exit, refusal, UNEXPECTED } from '../pdk/exit.ts'
import { mutableHeaders } from '../pdk/headers.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { functionHeaders } from './answers/function-answer.ts'
import { anyProtocol } from './fields/protocols.ts'

/** Answers from a function on Azure. */
export const azureFunctions = definePlugin(
  {
    name: 'azure-functions',
    priority: 749,
    about: {
      summary: 'Answers with what a function on Azure makes of the request.',
      example: { appname: 'shop', functionname: 'greet', apikey: 'key' },
      notes: [
        'The request goes to `https://{appname}.{hostdomain}/{routeprefix}/{functionname}` with its method, headers, query and body, the path to the upstream behind it.',
        'Its body is read whole first, up to 10 MiB; a longer one is refused with 413.',
      ],
    },
    protocols: anyProtocol,
    config: {
      type: 'record',
      required: true,
      fields: {
        timeout: { type: 'number', default: 600000 },
        keepalive: { type: 'number', default: 60000 },
        https: { type: 'boolean', default: true },
        https_verify: { type: 'boolean', default: false },
        apikey: { type: 'string', referenceable: true, encrypted: true },
        clientid: { type: 'string', referenceable: true, encrypted: true },
        appname: { type: 'string', required: true },
        hostdomain: { type: 'string', required: true, default: 'azurewebsites.net' },
        routeprefix: { type: 'string', default: 'api' },
        functionname: { type: 'string', required: true },
      },
    },
  },
  (config, kit) => {
    const { https, apikey, clientid } = config
    const base = `${https === true ? 'https' : 'http'}://${config.appname}.${config.hostdomain}`
    const place = pathOf(config)
    const fail = (error: unknown): Exit => {
      kit.runtime.log('error', 'Cannot ask a function', { plugin: kit.plugin.id, error })
      return UNEXPECTED
    }

    return {
      async access(exchange) {
        const { request, upstream } = exchange
        const body = request.hasBody ? await request.readBody(kit.bodyLimit) : undefined
        if (request.hasBody && body === undefined) return refusal(413, 'Payload too large')
        const query = upstream.rawQuery === '' ? '' : `?${upstream.rawQuery}`
        try {
          const reply = await kit.http({
            url: new URL(base + joined(place, upstream.path) + query),
            method: request.method,
            headers: headersFor(exchange, { apikey, clientid }),
            ...(body === undefined ? {} : { body }),
            timeout: config.timeout ?? 600000,
            tlsVerify: config.https_verify === true,
          })
          const { list: headers } = functionHeaders(reply.headers.list)
          return { status: reply.status, headers, body: await reply.bytes(kit.bodyLimit) }
        } catch (error) {
          return fail(error)
        }
      },
    }
  },
)

/** `/{routeprefix}/{functionname}`, their own slashes at the ends left out. */
function pathOf(config: {
  readonly routeprefix: string | null
  readonly functionname: string
}): string {
  const prefix = trimmed(config.routeprefix ?? '')
  return `${prefix === '' ? '' : `/${prefix}`}/${trimmed(config.functionname)}`
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

function joined(place: string, path: string): string {
  if (path === '') return place
  return place.endsWith('/') === path.startsWith('/')
    ? place.endsWith('/')
      ? place + path.slice(1)
      : `${place}/${path}`
    : place + path
}

/** What is the connection's, or is written anew. */
const UNSENT = ['host', 'content-length', 'connection', 'keep-alive', 'te', 'upgrade']

function headersFor(
  { request }: Exchange,
  keys: { readonly apikey: string | null; readonly clientid: string | null },
): string[] {
  const list = [...request.headers.list]
  const headers = mutableHeaders(list)
  for (const name of [...UNSENT, 'transfer-encoding']) headers.delete(name)
  const own = { 'x-functions-key': keys.apikey, 'x-functions-clientid': keys.clientid }
  for (const [name, value] of Object.entries(own)) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  return list
}
