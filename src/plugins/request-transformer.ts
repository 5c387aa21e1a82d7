import { toByteString } from '../lib/byte-string.ts'
import { type Template, templateOrFault } from '../lib/template/template.ts'
import type { Table } from '../lib/template/value.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { type Exit, refusal, UNEXPECTED } from '../pdk/exit.ts'
import type { Kit } from '../pdk/kit.ts'
import { type ConfigOf, definePlugin } from '../pdk/plugin.ts'
import { escapePath } from '../router/path.ts'
import { anyProtocol } from './fields/protocols.ts'
import {
  headerNames,
  headerPairs,
  headerRenames,
  names,
  templatePairs,
} from './fields/transformation.ts'
import { bodyForm, changeBody, formArgs } from './request-transformer/body.ts'
import { type Changes, changesOf } from './request-transformer/changes.ts'
import { changeHeaders } from './request-transformer/headers.ts'
import { addToQuery, changeQuery } from './request-transformer/query.ts'
import { createScope, TEMPLATE_NAMES } from './request-transformer/scope.ts'

const templates = { body: templatePairs, headers: headerPairs, querystring: templatePairs } as const

/** Changes headers, query and body on the way to the service. */
export const requestTransformer = definePlugin(
  {
    name: 'request-transformer',
    priority: 801,
    protocols: anyProtocol,
    about: {
      summary:
        'Changes the method, the path, headers, the query and the body on the way to the service.',
      example: {
        remove: { headers: ['X-Internal'] },
        add: {
          headers: ['X-Tenant:$(uri_captures.tenant or "none")'],
          querystring: ['source:gateway'],
        },
        replace: { uri: '/v2/$(uri_captures[1])' },
      },
      notes: [
        'Of each kind, first comes `remove`, then `rename`, `replace` (only what is there), `add` (only what is not), `append`. The path comes first, then the method, headers, the body, the query.',
        'A value may hold `$(…)`: an expression over `headers`, `query_params`, `uri_captures` and `shared`, with `.name`, `["name"]` and `[1]`, texts and numbers, `or`, `and`, `not`, comparisons, `..`, arithmetic, parentheses and `type(…)`. What is not there is the empty text. Another name, a call of anything else or a sum of what is no number is an error when a request comes (500). What cannot be read is refused when it is configured in the query and the body, and is such an error in headers and `replace.uri`.',
        'Bodies are changed when their Content-Type is JSON (an object), a form or `multipart/form-data`; one that cannot be read goes on as it is, one over 10 MiB is refused with 413.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        http_method: { type: 'string', match: '^%u+$' },
        remove: {
          type: 'record',
          required: true,
          fields: { body: names, headers: headerNames, querystring: names },
        },
        rename: {
          type: 'record',
          required: true,
          fields: { body: templatePairs, headers: headerRenames, querystring: templatePairs },
        },
        replace: {
          type: 'record',
          required: true,
          fields: { ...templates, uri: { type: 'string' } },
        },
        add: { type: 'record', required: true, fields: templates },
        append: { type: 'record', required: true, fields: templates },
      },
    },
  },
  (config, kit) => {
    const transform = prepare(config, kit)
    return {
      access(exchange) {
        const scope = createScope(exchange)
        const refused = changePath(exchange, transform.uri, scope)
        if (refused !== undefined) return refused
        if (transform.method !== undefined) exchange.upstream.method = transform.method
        if (!transform.movesBody || bodyForm(exchange) !== 'urlencoded') {
          return changeRest(exchange, transform, scope)
        }
        return moveBody(exchange, kit).then((tooLong) => {
          return tooLong ?? changeRest(exchange, transform, scope)
        })
      },
    }
  },
)

/** What is done with every request. */
interface Transform {
  readonly uri: Template | undefined
  readonly method: string | undefined
  /** Whether the new method has no body, so that a form goes into the query too. */
  readonly movesBody: boolean
  readonly headers: Changes
  readonly body: Changes
  readonly query: Changes
  readonly kit: Kit
}

function prepare(config: ConfigOf<typeof requestTransformer>, kit: Kit): Transform {
  const { uri } = config.replace
  const method = config.http_method ?? undefined
  return {
    uri: typeof uri === 'string' ? templateOrFault(uri, TEMPLATE_NAMES) : undefined,
    method,
    movesBody: method === 'GET' || method === 'HEAD' || method === 'TRACE',
    headers: changesOf(config, 'headers'),
    body: changesOf(config, 'body'),
    query: changesOf(config, 'querystring'),
    kit,
  }
}

/** Values cannot end the path: what a client sent stays in it. */
function changePath(
  { upstream }: Exchange,
  uri: Template | undefined,
  scope: Table,
): Exit | undefined {
  if (uri === undefined) return undefined
  const path = uri.render(scope, (value) => value.replaceAll('?', '%3F'))
  // Kong: a path that is none is an error of whoever configured it.
  if (!path.startsWith('/')) return UNEXPECTED
  upstream.path = escapePath(toByteString(path))
  return undefined
}

async function moveBody(exchange: Exchange, kit: Kit): Promise<Exit | undefined> {
  const bytes = await exchange.request.readBody(kit.bodyLimit)
  if (bytes === undefined) return TOO_LONG
  addToQuery(exchange, formArgs(bytes))
  return undefined
}

const TOO_LONG = refusal(413, 'Request size limit exceeded')

function changeRest(
  exchange: Exchange,
  transform: Transform,
  scope: Table,
): Exit | undefined | Promise<Exit | undefined> {
  changeHeaders(exchange, transform.headers, scope)
  const form = transform.body.none ? undefined : bodyForm(exchange)
  if (form === undefined) {
    changeQuery(exchange, transform.query, scope)
    return undefined
  }
  const { body: changes, kit } = transform
  return exchange.request.readBody(kit.bodyLimit).then((bytes) => {
    if (bytes === undefined) return TOO_LONG
    const newBoundary = () => kit.runtime.uuid()
    changeBody(exchange, { form, bytes, changes, scope, newBoundary })
    changeQuery(exchange, transform.query, scope)
    return undefined
  })
}
