/** A row of the Admin API. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string }

/** One page of rows; `offset` asks for the next. */
export interface Page {
  readonly data: readonly Row[]
  readonly offset?: string
}

/** What the Admin API refused: a sentence, and what is wrong by field. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  /** Kong's `fields`: texts, or records and lists of them. */
  readonly fields: Readonly<Record<string, unknown>>

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const text = typeof body.message === 'string' ? body.message : `The gateway answered ${status}`
    super(text)
    this.status = status
    this.fields = isRecord(body.fields) ? body.fields : {}
  }
}

/** What is sent beside the path. */
export interface Sending {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Where the Admin API is: where the page's server says, or beside this page, under the same prefix. */
export function adminApi(): string {
  const told = document.querySelector<HTMLMetaElement>('meta[name="admin-api"]')?.content ?? ''
  return baseOf(told, location.pathname)
}

/** `/admin/manager` stands beside `/admin`. */
export function baseOf(told: string, path: string): string {
  return told === '' ? path.replace(/\/(manager\/?)?$/, '') : told.replace(/\/$/, '')
}

let logIn: (() => Promise<void>) | undefined

/** Says how somebody logs in; what was refused without a login is then asked again. */
export function whenUnauthorized(login: () => Promise<void>): void {
  logIn = login
}

/** What came back, and the revision of the configuration then. */
export interface Answered<T> {
  readonly body: T
  /** After a write the one it made; undefined where it is not told. */
  readonly revision: number | undefined
}

/** Asks the Admin API; gives the parsed body, undefined where there is none. Rejects with an ApiError. */
export async function call<T = unknown>(
  method: string,
  path: string,
  sending: Sending = {},
): Promise<T> {
  return (await callWhole<T>(method, path, sending)).body
}

/** The same with the revision. Without a login it waits for one, and asks again: nothing is lost. */
export async function callWhole<T = unknown>(
  method: string,
  path: string,
  sending: Sending = {},
): Promise<Answered<T>> {
  const response = await send(method, path, sending)
  if (response.status === 401 && logIn !== undefined) {
    await logIn()
    sending.signal?.throwIfAborted()
    return callWhole(method, path, sending)
  }
  const answered = await parsed(response)
  if (!response.ok) throw new ApiError(response.status, isRecord(answered) ? answered : {})
  const revision = response.headers.get('x-config-revision')
  // Each caller knows what its path answers, as the Admin API's own reference says.
  return { body: answered as T, revision: revision === null ? undefined : Number(revision) }
}

/** One request, whatever its answer; for the login itself. Rejects with an ApiError when there is none. */
export function send(
  method: string,
  path: string,
  { body, headers = {}, signal }: Sending = {},
): Promise<Response> {
  const text = typeof body === 'string'
  const base = adminApi()
  return fetch(`${base}${path}`, {
    method,
    credentials: base.includes('://') ? 'include' : 'same-origin',
    headers: {
      ...(body === undefined || text ? {} : { 'Content-Type': 'application/json' }),
      // A form of another site cannot send it: what makes a cookie safe to rely on.
      'X-Requested-With': 'gibbon-manager',
      ...headers,
    },
    ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw new ApiError(0, { message: 'The gateway cannot be reached; is it still running?' })
  })
}

async function parsed(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Whether a value is an object of named members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `/services/my%20name`: names and ids as parts of a path. */
export function pathOf(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`
}
