import { clientRequest, requestBody, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

/** What a request of such a row is like. */
export interface AskOptions {
  readonly target?: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly settings?: object
  /** What the one route is beside its function. */
  readonly route?: object
}

/** What an expression gives in `access`, as a header to the upstream tells it. */
export async function toldBy(code: string, options: AskOptions = {}): Promise<string | undefined> {
  const { target = '/a%20b/../c?x=1&x=2&y', headers = [], body, settings = {}, route } = options
  const access = [`kong.service.request.set_header("X-Out", ${code})`]
  const plugins = [{ name: 'pre-function', config: { access } }]
  const routes = [{ name: 'all', paths: ['/'], ...route, plugins }]
  const { gateway, transport, runtime } = await openLua({
    config: { services: [{ name: 'echo', url: 'http://echo.test', routes }] },
    settings,
  })
  await gateway.handle(
    clientRequest({
      ...{ host: 'a.test', target, headers: [...headers] },
      ...(body !== undefined && { method: 'POST', body: requestBody([body]) }),
    }),
  )
  const [told] = valuesOf(transport.sent[0]?.headers ?? [], 'x-out')
  return told ?? runtime.lines.join('\n')
}
