import { Hono, type MiddlewareHandler } from 'hono'
import { streamOf } from '../lib/body-reading.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { Exchange } from './exchange.ts'
import { type Exit, exitWith } from './exit.ts'
import type { Hooks } from './hooks.ts'
import { definePlugin, type Plugin } from './plugin.ts'

/** What a middleware is called as a plugin. */
export interface MiddlewareOptions {
  readonly name: string
  readonly priority: number
}

/**
 * Makes a plugin of a Hono middleware. It sees the request's head, may answer instead of the
 * upstream, and after `next()` may change the head of the answer or put another in its place.
 * Neither body is shown to it: both pass on as they come.
 */
export function fromMiddleware(
  { name, priority }: MiddlewareOptions,
  middleware: MiddlewareHandler,
): Plugin {
  const config = { type: 'record', required: true, fields: {} } as const
  return definePlugin({ name, priority, config }, () => hooksOf(middleware))
}

/** One request on its way through the middleware. */
class Passage {
  /** Resolves when the middleware lets the request pass. */
  readonly passed: Promise<undefined>
  /** Hono's `env`: what stands behind the middleware. */
  readonly env: { readonly behind: () => Promise<Response> }
  finished: Promise<Response>
  #answer: (head: Response) => void = () => {}

  constructor(app: Hono<{ Bindings: Passage['env'] }>, request: Request) {
    const answered = new Promise<Response>((resolve) => {
      this.#answer = resolve
    })
    let pass: (nothing: undefined) => void = () => {}
    this.passed = new Promise((resolve) => {
      pass = resolve
    })
    this.env = {
      behind() {
        pass(undefined)
        return answered
      },
    }
    this.finished = Promise.resolve(app.fetch(request, this.env))
  }

  /** Gives the middleware the answer's head, and what it made of that. */
  goOn(head: Response): Promise<Response> {
    this.#answer(head)
    return this.finished
  }
}

function hooksOf(middleware: MiddlewareHandler): Hooks {
  const app = new Hono<{ Bindings: Passage['env'] }>()
  app.use('*', middleware)
  app.all('*', (c) => c.env.behind())
  app.onError((error) => {
    throw error
  })
  return {
    async access(exchange) {
      const passage = new Passage(app, requestOf(exchange))
      const first = await Promise.race([passage.passed, passage.finished])
      if (first !== undefined) return exitOf(first)
      exchange.shared.set(app, passage)
      return undefined
    },
    async response(exchange) {
      const passage = exchange.shared.get(app)
      const { status } = exchange.response
      // No web Response can be of these.
      if (!(passage instanceof Passage) || status < 200 || status > 599) return undefined
      exchange.shared.delete(app)
      const response = await passage.goOn(headOf(exchange))
      if (response.body !== null) return exitOf(response)
      applyHead(exchange, response)
      return undefined
    },
  }
}

function requestOf({ request }: Exchange): Request {
  const { method, forwardedScheme, host, port, rawPath, rawQuery } = request
  const query = rawQuery === '' ? '' : `?${rawQuery}`
  const name = host === '' ? 'localhost' : host
  return new Request(`${forwardedScheme}://${name}:${port}${rawPath}${query}`, {
    method,
    headers: webHeaders(request.headers.list),
  })
}

function headOf({ response: { status, headers } }: Exchange): Response {
  return new Response(null, { status, headers: webHeaders(headers.list) })
}

function webHeaders(list: readonly string[]): Headers {
  const headers = new Headers()
  // Both are there: a list has names and values in turn.
  for (let i = 0; i < list.length; i += 2) headers.append(list[i] as string, list[i + 1] as string)
  return headers
}

function applyHead({ response }: Exchange, { status, headers }: Response): void {
  const names = new Set(response.headers.list.filter((_, i) => i % 2 === 0))
  const before = webHeaders(response.headers.list)
  for (const name of names) if (!headers.has(name)) response.headers.delete(name)
  response.status = status
  for (const [name, value] of headers) {
    if (name === 'set-cookie' || before.get(name) === value) continue
    response.headers.set(name, value)
  }
  const cookies = headers.getSetCookie()
  if (cookies.join() !== before.getSetCookie().join()) response.headers.set('Set-Cookie', cookies)
}

async function exitOf({ status, headers, body }: Response): Promise<Exit> {
  const list: HeaderList = []
  for (const [name, value] of headers) list.push(name, value)
  return exitWith(status, { headers: list, ...(body === null ? {} : { body: readOf(body) }) })
}

async function* readOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      yield* streamOf(step.value)
    }
  } finally {
    await reader.cancel()
  }
}
