import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { guiPath, isAsset, kongManagerConfig } from '../../src/admin/manager-front.ts'
import type { GuiSettings } from '../../src/settings/gui.ts'
import type { Listen } from '../../src/settings/listen.ts'

/** What Kong Manager's build is made of, by the end of a file's name. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

/** What Kong replaces by the path it serves the build under. */
const BASE = '/__km_base__/'

/** Serves a build of Kong's own Manager from a folder; its pages are all one file. */
export async function guiFile(
  request: Request,
  { gui, adminListens }: { readonly gui: GuiSettings; readonly adminListens: readonly Listen[] },
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return message(405, 'Method not allowed')
  const path = guiPath(request, gui)
  if (path === undefined) return message(404, 'Not found')
  if (path === '/kconfig.js') return found(kongManagerConfig(gui, adminListens), '.js', request)

  const file = await fileBelow(gui.dir, path)
  const asked = file !== undefined && TYPES[extname(file)] !== undefined
  if (!asked && isAsset(path)) return message(404, 'Not found')
  const name = asked ? file : await fileBelow(gui.dir, '/index.html')
  if (name === undefined) return message(404, 'No build of Kong Manager in admin_gui_dir')
  const type = extname(name)
  const bytes = await readFile(name)
  const text = ['.html', '.js', '.css'].includes(type)
  return found(text ? based(bytes.toString(), gui.path) : Uint8Array.from(bytes), type, request)
}

function based(text: string, path: string): string {
  return text.replaceAll(BASE, `${path}/`)
}

/** The file of a path, links followed; undefined when there is none, or none within the folder. */
async function fileBelow(dir: string, path: string): Promise<string | undefined> {
  try {
    const root = await realpath(dir)
    const file = await realpath(join(root, decodeURIComponent(path)))
    return file.startsWith(root + sep) ? file : undefined
  } catch {
    return undefined
  }
}

function found(
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
  { method }: Request,
): Response {
  return new Response(method === 'HEAD' ? null : body, {
    headers: {
      'Content-Type': TYPES[type] ?? 'application/octet-stream',
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': "frame-ancestors 'none'",
    },
  })
}

function message(status: number, text: string): Response {
  return Response.json({ message: text }, { status })
}
