import { managerFront } from '../../src/admin/manager-front.ts'
import { fromWebResponse, toWebRequest } from '../../src/http/web-message.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import type { ProcessSettings } from '../../src/settings/process-settings.ts'
import { managerPage } from '../manager/page.ts'
import { guiFile } from './gui-files.ts'

/** Answers on `admin_gui_listen`: with our Manager, or with Kong's where its build is. Never rejects. */
export function guiDoor(
  { adminGui: gui, adminListen: adminListens }: ProcessSettings,
  runtime: Runtime,
): (request: ClientRequest) => Promise<Answer> {
  const answer = async (request: ClientRequest): Promise<Response> => {
    const web = webRequestOf(request)
    if (web === undefined) return Response.json({ message: 'Bad request' }, { status: 400 })
    if (gui.dir !== '') return guiFile(web, { gui, adminListens })
    return managerFront(web, { page: managerPage, gui, adminListens })
  }
  return async (request) => {
    const response = await answer(request).catch((error: unknown) => {
      runtime.log('error', 'Cannot serve the Manager', { error })
      return Response.json({ message: 'An unexpected error occurred' }, { status: 500 })
    })
    return fromWebResponse(response)
  }
}

/** What no web Request can say is no request for a page. */
function webRequestOf(request: ClientRequest): Request | undefined {
  try {
    return toWebRequest(request)
  } catch {
    return undefined
  }
}
