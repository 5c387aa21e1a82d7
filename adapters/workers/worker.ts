import { waitUntil } from 'cloudflare:workers'
import type { Gateway } from '../../src/gateway.ts'
import type { ClientRequest } from '../../src/ports/server.ts'
import { adminRequestOf } from './admin-access.ts'
import { responseOf } from './answer.ts'
import { GatewayState } from './gateway-state.ts'
import { catchUp, isolateGateway, isolateSettings, keepFresh, loadedGateway } from './isolate.ts'
import { addressOf, clientRequestOf } from './request.ts'

export { GatewayState }

/** The proxy; and the Admin API too, where a setting gives it a host or path of its own. */
export default {
  // Not async itself: a promise more costs every request.
  fetch(request: Request): Response | Promise<Response> {
    const asked = adminRequestOf(request, isolateSettings().admin)
    if (asked instanceof Response) return asked
    return asked === undefined ? serveProxy(request) : serveAdmin(asked, addressOf(request).ip)
  },
}

/** The Admin API alone, for a second socket of a self-hosted workerd. */
export const admin = {
  fetch: (request: Request): Promise<Response> => serveAdmin(request, addressOf(request).ip),
}

function serveProxy(request: Request): Response | Promise<Response> {
  const client = clientRequestOf(request, { port: isolateSettings().proxyPort })
  if (client === undefined) return message(400, 'Bad request')

  const gateway = loadedGateway()
  return gateway === undefined ? serveFirst(client) : serve(gateway, client)
}

async function serve(gateway: Gateway, client: ClientRequest): Promise<Response> {
  keepFresh(gateway)
  return responseOf(await gateway.handle(client), waitUntil)
}

async function serveFirst(client: ClientRequest): Promise<Response> {
  const gateway = await isolateGateway().catch(() => undefined)
  return gateway === undefined ? message(503, 'Service unavailable') : serve(gateway, client)
}

/** Goes on when the client leaves: other writers may be waiting for this one. */
function serveAdmin(request: Request, ip: string): Promise<Response> {
  const work = answerAdmin(request, ip)
  waitUntil(work.catch(() => {}))
  return work
}

/** Answers from the newest config there is, whichever isolate wrote it. */
async function answerAdmin(request: Request, ip: string): Promise<Response> {
  const gateway = await isolateGateway().catch(() => undefined)
  if (gateway === undefined) return message(503, 'Service unavailable')
  await catchUp(gateway)
  return gateway.admin(request, { ip })
}

function message(status: number, text: string): Response {
  return Response.json({ message: text }, { status })
}
