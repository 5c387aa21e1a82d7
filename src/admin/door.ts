import { errorAnswer } from '../http/error-body.ts'
import { requestIds } from '../http/request-id.ts'
import { fromWebResponse, toWebRequest } from '../http/web-message.ts'
import { type Draining, ownDraining } from '../ports/draining.ts'
import type { Answer, ClientRequest } from '../ports/server.ts'
import type { Caller } from './access.ts'
import { type AdminOptions, createAdmin } from './admin.ts'
import { statusResources } from './status-resources.ts'

/** The Admin API behind a door that lets no failure through. */
export interface AdminDoor {
  answer(request: Request, caller?: Caller): Promise<Response>
  handle(request: ClientRequest): Promise<Answer>
  handleStatus(request: ClientRequest): Promise<Answer>
}

/** Opens it: what adapters hand in is answered, whatever it is. */
export function createAdminDoor(options: AdminOptions): AdminDoor {
  const { runtime, settings } = options
  const { draining = ownDraining() } = options
  const apps = appsOf(options, draining)
  const newId = requestIds(runtime)

  const ask = async (app: App, request: Request, caller: Caller): Promise<Response> => {
    try {
      return await app.fetch(request, caller)
    } catch (error) {
      runtime.log('error', 'Cannot answer an Admin API request', { error })
      return Response.json({ message: 'An unexpected error occurred' }, { status: 500 })
    }
  }
  const refuse = (request: ClientRequest, status: number): Answer =>
    errorAnswer({ status, request, requestId: newId(), settings })
  const handle = async (app: App, request: ClientRequest, trusted: boolean): Promise<Answer> => {
    const web = webRequestOf(request)
    if (web === undefined) return refuse(request, UNSPEAKABLE.has(request.method) ? 405 : 400)
    const result = await fromWebResponse(await ask(app, web, { address: request.ip, trusted }))
    return request.method === 'HEAD' ? { ...result, body: undefined } : result
  }

  return {
    answer: (request, caller = {}) => ask(apps.admin, request, caller),
    handle: (request) => handle(apps.admin, request, false),
    // Whoever reaches this listener may know how we are: neither Host nor token is asked.
    handleStatus: (request) => handle(apps.status, request, true),
  }
}

type App = ReturnType<typeof createAdmin>

function appsOf(
  { manager, ...options }: AdminOptions,
  draining: Draining,
): { readonly admin: App; readonly status: App } {
  const page = manager === undefined ? {} : { manager }
  return {
    admin: createAdmin({ ...options, ...page }),
    status: createAdmin(options, (all) => statusResources(all, options, draining)),
  }
}

/** Methods no web Request can have. */
const UNSPEAKABLE = new Set(['CONNECT', 'TRACE', 'TRACK'])

const SPEAKABLE = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** A method nothing here answers. Bun makes GET of those it does not know. */
const ANY_OTHER = 'PROPFIND'

function webRequestOf(request: ClientRequest): Request | undefined {
  const { method } = request
  if (UNSPEAKABLE.has(method)) return undefined
  try {
    return toWebRequest(request, SPEAKABLE.has(method) ? method : ANY_OTHER)
  } catch {
    return undefined
  }
}
