import { type Listen, parseListens } from './listen.ts'

/** Where the Manager is, and where it finds the Admin API. */
export interface GuiSettings {
  readonly listens: readonly Listen[]
  /** Whether somebody asked for these very listeners. */
  readonly chosen: boolean
  /** The path of the page there, without a slash at its end; empty for `/`. */
  readonly path: string
  /** The Admin API as browsers reach it; undefined for the page's own host and the port of `admin_listen`. */
  readonly apiUrl: string | undefined
  /** A folder with Kong Manager's build, to be served in place of our page; empty for none. */
  readonly dir: string
}

/** Reads the `admin_gui_*` settings. */
export function readGui(
  text: (name: string) => string,
  errors: string[],
  chosen: boolean,
): GuiSettings {
  const { listens, errors: wrong } = parseListens('admin_gui_listen', text('admin_gui_listen'))
  errors.push(...wrong)
  return {
    listens,
    chosen,
    path: pathOf(text('admin_gui_path'), errors),
    apiUrl: apiUrlOf(text('admin_gui_api_url'), errors),
    dir: text('admin_gui_dir'),
  }
}

/** In Kong's words, all that is wrong with it. */
function pathOf(path: string, errors: string[]): string {
  const refuse = (isWrong: boolean, reason: string): void => {
    if (isWrong) errors.push(`admin_gui_path ${reason}`)
  }
  refuse(!path.startsWith('/'), "must start with a slash ('/')")
  refuse(/^\/.+\/$/.test(path), "must not end with a slash ('/')")
  refuse(
    /[^A-Za-z\d_/-]/.test(path),
    "can only contain letters, digits, hyphens ('-'), underscores ('_'), and slashes ('/')",
  )
  refuse(path.includes('//'), "must not contain continuous slashes ('/')")
  return path === '/' ? '' : path
}

/** Kong takes one without a scheme too, and means that of the page then. */
function apiUrlOf(url: string, errors: string[]): string | undefined {
  if (url === '') return undefined
  const whole = /^https?:\/\//.test(url) ? url : `http://${url}`
  if (!URL.canParse(whole) || /[\s'";,<>]/.test(url)) {
    errors.push(`admin_gui_api_url: "${url}" is not a URL such as https://admin.example`)
  }
  return url.replace(/\/+$/, '')
}
