import type { Answer, ClientRequest } from '../ports/server.ts'
import { errorAnswer } from '../proxy/error-body.ts'
import { requestIds } from '../proxy/request-id.ts'
import { fromWebResponse, toWebRequest } from '../proxy/web-message.ts'
import type { Caller } from './access.ts'
import { type AdminOptions, createAdmin } from './admin.ts'

/** The Admin API behind a door that lets no failure through. */
export interface AdminDoor {
  answer(request: Request, caller?: Caller): Promise<Response>
  handle(request: ClientRequest): Promise<Answer>
  handleStatus(request: ClientRequest): Promise<Answer>
  /** Tells the MD5 of the configuration that was just loaded. */
  loaded(configurationHash: string): void
}

/** Opens it: what adapters hand in is answered, whatever it is. */
export function createAdminDoor(options: AdminOptions): AdminDoor {
  const { runtime, settings } = options
  let app = createAdmin(options)
  const newId = requestIds(runtime)

  const answer = async (request: Request, caller: Caller = {}): Promise<Response> => {
    try {
      return await app.fetch(request, caller)
    } catch (error) {
      runtime.log('error', 'Cannot answer an Admin API request', { error })
      return Response.json({ message: 'An unexpected error occurred' }, { status: 500 })
    }
  }
  const refuse = (request: ClientRequest, status: number): Answer =>
    errorAnswer({ status, request, requestId: newId(), settings })
  const handle = async (request: ClientRequest, trusted = false): Promise<Answer> => {
    const web = webRequestOf(request)
    if (web === undefined) return refuse(request, UNSPEAKABLE.has(request.method) ? 405 : 400)
    const result = await fromWebResponse(await answer(web, { address: request.ip, trusted }))
    return request.method === 'HEAD' ? { ...result, body: undefined } : result
  }

  return {
    answer,
    handle: (request) => handle(request),
    async handleStatus(request) {
      const path = request.target.split('?', 1)[0]
      // Whoever reaches this listener may know how we are: neither Host nor token is asked.
      if (path === '/status' || path === '/metrics') return handle(request, true)
      return path === '/status/ready' ? fromWebResponse(readiness(options)) : refuse(request, 404)
    },
    loaded(configurationHash) {
      app = createAdmin({ ...options, configurationHash })
    },
  }
}

/** Kong: without a database there is nothing to serve until a configuration is loaded. */
function readiness({ settings, store }: AdminOptions): Response {
  const ready = settings.database !== 'off' || store.revision > 0
  if (ready) return Response.json({ message: 'ready' })
  const message = 'no configuration available (empty configuration present)'
  return Response.json({ message }, { status: 503 })
}

/** Methods no web Request can have. */
const UNSPEAKABLE = new Set(['CONNECT', 'TRACE', 'TRACK'])

function webRequestOf(request: ClientRequest): Request | undefined {
  try {
    return toWebRequest(request)
  } catch {
    return undefined
  }
}
