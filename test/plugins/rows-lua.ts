import { bare, type PluginRow } from './rows-row.ts'

const lua = (name: string, config: object) => [{ name, config }]

/** Functions in Lua of the operator's own. */
export const LUA_ROWS: readonly PluginRow[] = [
  {
    what: 'pre-function: a refusal',
    plugins: lua('pre-function', { access: ["kong.response.exit(403, { message = 'no' })"] }),
    status: 403,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{"message":"no"}',
  },
  {
    what: 'pre-function: a header for the service',
    plugins: lua('pre-function', {
      access: ["kong.service.request.set_header('x-from', kong.request.get_method())"],
    }),
    status: 200,
    upstream: { 'x-from': 'GET' },
  },
  {
    what: 'pre-function: an error',
    plugins: lua('pre-function', { access: ["error('secret')"] }),
    status: 500,
    body: bare('An unexpected error occurred'),
  },
  {
    what: 'pre-function: before whoever asks for a key',
    plugins: [
      ...lua('pre-function', { access: ["kong.response.exit(200, 'open')"] }),
      { name: 'key-auth' },
    ],
    status: 200,
    body: 'open',
    reached: 0,
  },
  {
    what: 'post-function: a header for the client',
    plugins: lua('post-function', {
      header_filter: ["kong.response.set_header('x-a', kong.response.get_status())"],
    }),
    status: 200,
    headers: { 'x-a': '200' },
  },
  {
    what: 'post-function: not of who was refused',
    plugins: [
      ...lua('post-function', { access: ["kong.response.exit(200, 'open')"] }),
      { name: 'key-auth' },
    ],
    status: 401,
  },
]
