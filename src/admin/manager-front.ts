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
  const path = guiPath(request, gui)
  const told = path === '/kconfig.js'
  if (path === undefined || (isAsset(path) && !told)) return message(404, 'Not found')
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return message(405, 'Method not allowed')
  if (told) return script(request, kongManagerConfig(gui, adminListens))
  return managerResponse(request, page, adminApiUrl(request, gui.apiUrl, adminListens))
}

/** What a path of the Manager's listener says below `admin_gui_path`; undefined beside it. */
export function guiPath({ url }: Request, { path }: Pick<GuiSettings, 'path'>): string | undefined {
  const { pathname } = new URL(url)
  return `${pathname}/`.startsWith(`${path}/`) ? pathname.slice(path.length) : undefined
}

/** Kong: a path that ends like this is a file or nothing; any other is a page, which its script finds. */
export function isAsset(path: string): boolean {
  return /\.(jpg|jpeg|png|gif|ico|css|ttf|js)$/i.test(path)
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
  // The settings are held to letters that end no text in quotes.
  const lines = Object.entries(config).map(([name, value]) => `  '${name}': '${value}'`)
  return `window.K_CONFIG = {\n${lines.join(',\n')}\n}\n`
}

function script({ method }: Request, text: string): Response {
  return new Response(method === 'HEAD' ? null : text, {
    headers: {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

function message(status: number, text: string): Response {
  return Response.json({ message: text }, { status })
}
