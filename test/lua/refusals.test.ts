import { describe, expect, it } from 'vitest'
import { toldBy } from './compared.ts'
import { openLua } from './open-lua.ts'

/** Kong's words, which its users look for in the log. */
describe('arguments are refused as in Kong', () => {
  const none = '"t", nil'
  it.each([
    ['kong.request.get_query_arg', 'query argument name must be a string'],
    ['kong.request.get_query, "1"', 'max_args must be a number'],
    ['kong.request.get_query, 0', 'max_args must be >= 1'],
    ['kong.request.get_query, 1001', 'max_args must be <= 1000'],
    ['kong.request.get_header', 'header name must be a string'],
    ['kong.request.get_headers, 0', 'max_headers must be >= 1'],
    ['kong.request.get_headers, {}', 'max_headers must be a number'],
    ['kong.response.set_status, "1"', 'code must be a number'],
    ['kong.response.set_status, 99', 'code must be a number between 100 and 599'],
    ['kong.response.set_header, 1, "a"', 'invalid header name "1": got number, expected string'],
    [
      `kong.response.set_header, ${none}`,
      'invalid header value for "t": got nil, expected array of string, string, number or boolean',
    ],
    [
      'kong.response.set_header, "t", { 1 }',
      'invalid header value in array "t": got number, expected string',
    ],
    ['kong.response.set_headers, 1', 'headers must be a table'],
    [
      'kong.response.set_headers, { t = print }',
      'invalid header value for "t": got function, expected string, number, boolean or array of strings',
    ],
    ['kong.response.clear_header', 'header name must be a string'],
    ['kong.response.exit, 600', 'code must be a number between 100 and 599'],
    ['kong.response.exit, 200, 5', 'body must be a nil, string or table'],
    ['kong.response.exit, 200, "a", 5', 'headers must be a nil or table'],
    ['kong.response.error, 399', 'code must be a number between 400 and 599'],
    ['kong.response.error, 400, true', 'message must be a nil, a string or a table'],
    ['kong.service.request.set_query, { "a" }', 'arg keys must be strings'],
    ['kong.service.request.set_query, { a = print }', 'attempt to use function as query arg value'],
    ['kong.service.request.clear_header', 'header must be a string'],
    ['kong.service.request.set_body, 1', 'args must be a table'],
    ['kong.service.request.set_body, {}, 1', 'mime must be a string'],
    ['kong.service.request.set_body, {}, "a/b;c"', 'unsupported content type a/b;c'],
    ['kong.service.set_target', 'host must be a string'],
    ['kong.service.set_target, "a", "1"', 'port must be an integer'],
    ['kong.service.set_target, "a", -1', 'port must be an integer between 0 and 65535: given -1'],
    ['kong.client.authenticate, ngx.null', 'consumer must be a table or nil'],
    ['kong.client.authenticate, {}, 1', 'credential must be a table or nil'],
    ['ngx.decode_base64', 'string argument only'],
    ['ngx.req.set_method, 3', 'unsupported HTTP method: 3'],
    ['require, "resty.http"', "require 'resty.http' not allowed within sandbox"],
  ])('pcall(%s)', async (call, fault) => {
    expect(await toldBy(`(select(2, pcall(${call})))`)).toBe(fault)
  })

  it.each([
    [
      'kong.service.request.set_body({})',
      'content type was neither explicitly given as an argument or received as a header',
    ],
    [
      'kong.service.request.set_header(":authority", "a")',
      'cannot set :authority pseudo-header on non-grpc requests',
    ],
  ])('%s gives nil and why', async (call, why) => {
    expect(await toldBy(`(select(2, ${call}))`)).toBe(why)
  })
})

describe('calls are refused in other phases', () => {
  const request = 'rewrite, access, response, cluster_listener, header_filter, body_filter, log'
  it.each([
    ['certificate', 'kong.request.get_method()', `${request}, error, admin_api`],
    ['rewrite', 'kong.client.get_consumer()', 'access, response, header_filter, body_filter, log'],
    ['rewrite', 'kong.router.get_route()', 'access, response, header_filter, body_filter, log'],
    ['rewrite', 'kong.client.authenticate({})', 'access'],
    ['rewrite', 'kong.service.set_upstream("a")', 'access'],
    [
      'access',
      'kong.response.get_status()',
      'response, header_filter, body_filter, log, error, admin_api',
    ],
    ['access', 'kong.service.response.get_status()', 'response, header_filter, body_filter, log'],
    ['access', 'kong.response.get_raw_body()', 'body_filter'],
    ['access', 'kong.client.tls.disable_session_reuse()', 'certificate'],
    ['header_filter', 'kong.request.get_raw_body()', 'rewrite, access, response, error, admin_api'],
    ['header_filter', 'kong.service.request.set_method("GET")', 'rewrite, access'],
    ['header_filter', 'kong.service.request.set_path("/")', 'rewrite, access, balancer'],
    ['header_filter', 'kong.service.set_target("a", 1)', 'rewrite, access, balancer, preread'],
    [
      'header_filter',
      'kong.client.tls.set_client_verify("NONE")',
      'rewrite, access, balancer, response',
    ],
    [
      'log',
      'kong.response.exit(200)',
      'rewrite, access, response, header_filter, error, admin_api',
    ],
    [
      'certificate',
      'kong.log.set_serialize_value("a", 1)',
      'rewrite, access, response, header_filter, body_filter, log',
    ],
  ])('in %s: %s', async (phase, code, phases) => {
    const says = `function cannot be called in ${phase} phase (only in: ${phases})`
    expect(await linesOf(phase, code)).toContain(says)
  })

  it.each([
    ['header_filter', 'ngx.say("a")'],
    ['log', 'ngx.redirect("/")'],
    ['header_filter', 'ngx.req.read_body()'],
    ['log', 'ngx.header.a = 1'],
  ])('of nginx, in %s: %s', async (phase, code) => {
    const says = `API disabled in the context of ${phase}_by_lua*`
    expect(await linesOf(phase, code)).toContain(says)
  })

  /** What the log says of code in a phase of a global plugin. */
  async function linesOf(phase: string, code: string): Promise<string> {
    const plugins = [{ name: 'pre-function', config: { [phase]: [code] } }]
    const { ask, gateway, runtime } = await openLua({ config: { plugins } })
    if (phase === 'certificate')
      gateway.certificates({ cert: 'c', key: 'k' }).admit?.('http')?.('a.test')
    else await ask('/')
    return runtime.lines.join('\n')
  }
})
