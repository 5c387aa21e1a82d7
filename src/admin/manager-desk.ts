import type { Access, Caller } from './access.ts'
import { answerWithoutLogin } from './login.ts'
import { type ManagerPage, managerResponse } from './manager-page.ts'
import type { Reply } from './reply.ts'

/** Answers what of the Admin API belongs to the Manager; undefined for all else. Nobody is logged in yet. */
export async function managerReply(
  request: Request,
  page: ManagerPage | undefined,
  { access, caller }: { readonly access: Access; readonly caller: Caller },
): Promise<Response | Reply | undefined> {
  if (page === undefined) return undefined
  switch (new URL(request.url).pathname) {
    case '/manager':
    case '/manager/':
      return isReading(request) ? managerResponse(request, page) : undefined
    case '/manager/session': {
      const refused = access.refuseBrowser(request, caller)
      if (refused !== undefined) return refused
      if (access.login === undefined) return answerWithoutLogin(request)
      return access.login.answer(request, caller.address ?? '')
    }
    default:
      return undefined
  }
}

function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}
