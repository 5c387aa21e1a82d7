import type { GuiSettings } from '../settings/gui.ts'
import type { Listen } from '../settings/listen.ts'
import { type ManagerPage, managerResponse } from './manager-page.ts'

/** What is told to a page that has a listener of its own. */
export interface ManagerFrontOptions {
  readonly page: ManagerPage
  readonly gui: Pick<GuiSettings, 'path' | 'apiUrl'>
  readonly adminListens: readonly Listen[]
}

/** Answers on `admin_gui_listen`: the page, which asks the Admin API at its own address. */
export function managerFront(
  request: Request,
  { page, gui, adminListens }: ManagerFrontOptions,
): Response {
  const path = new URL(request.url).pathname.replace(/\/$/, '')
  if (path !== gui.path) return message(404, 'Not found')
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return message(405, 'Method not allowed')
  return managerResponse(request, page, adminApiUrl(request, gui.apiUrl, adminListens))
}

/** Kong: the URL that was set, or the page's own host with the Admin API's port. */
export function adminApiUrl(
  request: Request,
  told: string | undefined,
  listens: readonly Listen[],
): string | undefined {
  const { protocol, hostname } = new URL(request.url)
  if (told !== undefined) return told.includes('://') ? told : `${protocol}//${told}`
  const tcp = listens.filter(({ path }) => path === undefined)
  const secure = protocol === 'https:'
  // A page that came over TLS may not ask over plain HTTP.
  const listen = tcp.find(({ ssl }) => ssl === secure) ?? (secure ? undefined : tcp[0])
  if (listen === undefined) return undefined
  return `${listen.ssl ? 'https' : 'http'}://${hostname}:${listen.port}`
}

/** The script that Kong's own Manager reads first. */
export function kongManagerConfig(
  { path, apiUrl }: Pick<GuiSettings, 'path' | 'apiUrl'>,
  listens: readonly Listen[],
): string {
  const portOf = (secure: boolean) =>
    String(listens.find(({ ssl, path }) => ssl === secure && path === undefined)?.port ?? '')
  const config = {
    ADMIN_GUI_PATH: path === '' ? '/' : path,
    ADMIN_API_URL: apiUrl ?? '',
    ADMIN_API_PORT: portOf(false),
    ADMIN_API_SSL_PORT: portOf(true),
    ANONYMOUS_REPORTS: 'false',
  }
  return `window.K_CONFIG = ${JSON.stringify(config)}\n`
}

function message(status: number, text: string): Response {
  return Response.json({ message: text }, { status })
}
