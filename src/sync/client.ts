import { isObject } from '../schema/field.ts'
import type { Members } from './content.ts'
import { SyncError } from './sync-error.ts'

/** What a sync asks of `fetch`. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>

/** An answer, read. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** A Kong-compatible Admin API. */
export interface AdminClient {
  /** Any answer, errors among them. */
  send(method: string, path: string, body?: unknown): Promise<Answer>
  /** The answer of a call that must succeed. */
  expect(method: string, path: string, body?: unknown): Promise<Members>
  /** Every row of a collection, page by page; undefined when there is no such collection. */
  list(path: string, tags: readonly string[]): Promise<readonly Members[] | undefined>
}

/** Where an Admin API is and how it is asked. */
export interface AdminOptions {
  /** `http://127.0.0.1:8001` */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: Fetch
}

/** Opens a client; nothing is sent until it is asked. */
export function adminClient({ url, headers, fetch }: AdminOptions): AdminClient {
  const base = url.replace(/\/+$/, '')

  const send: AdminClient['send'] = async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    try {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers: { ...headers, ...type },
        ...sent,
      })
      return { status: answer.status, body: parsed(await answer.text()) }
    } catch (error) {
      throw new SyncError([`cannot reach ${base}: ${reasonOf(error)}${START_IT}`], { cause: error })
    }
  }
  const expect: AdminClient['expect'] = async (method, path, body) => {
    const answer = await send(method, path, body)
    if (answer.status >= 300) throw new SyncError([refusal(`${method} ${path}`, answer)])
    return isObject(answer.body) ? answer.body : {}
  }
  return {
    send,
    expect,
    async list(path, tags) {
      const rows: Members[] = []
      const tagged = tags.length === 0 ? '' : `&tags=${encodeURIComponent(tags.join(','))}`
      for (let offset = ''; ; ) {
        const page = await send('GET', `${path}?size=1000${tagged}${offset}`)
        if (page.status === 404) return undefined
        if (page.status >= 300) throw new SyncError([refusal(`GET ${path}`, page)])
        const body = isObject(page.body) ? page.body : {}
        if (Array.isArray(body.data)) rows.push(...body.data.filter(isObject))
        if (typeof body.offset !== 'string') return rows
        offset = `&offset=${encodeURIComponent(body.offset)}`
      }
    },
  }
}

/** What a gateway said no to, and why, in one line. */
export function refusal(what: string, { status, body }: Answer): string {
  const said = isObject(body) ? (body.message ?? body.error) : undefined
  const text = typeof said === 'string' ? said.replace(/\s*\n\s*/g, ' ') : 'no reason given'
  const hint = isObject(body) && typeof body.hint === 'string' ? ` (${body.hint})` : ''
  return `${what}: ${status} ${text}${hint}${adviceFor(status)}`
}

const START_IT = '; start a gateway there, or name its Admin API by --kong-addr'

function adviceFor(status: number): string {
  if (status === 405) return '; a gateway that serves a file is changed by changing that file'
  if (status === 401 || status === 403) return '; try --kong-admin-token or --headers'
  return ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The plain reason of a failed call, which runtimes wrap in one another. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code !== undefined) return code
  return error.cause === undefined ? error.message : reasonOf(error.cause)
}
