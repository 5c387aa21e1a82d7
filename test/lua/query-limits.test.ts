import { expect, it } from 'vitest'
import { toldBy } from './compared.ts'

const target = `/?${Array.from({ length: 120 }, (_, i) => `a${i}=1`).join('&')}`

/** How many arguments a call gives, and what it says beside them. */
function counted(call: string): string {
  return `(function() local n = 0 local args, why = ${call} for _ in pairs(args) do n = n + 1 end return n .. " " .. tostring(why) end)()`
}

// Kong: `lua_max_uri_args` is for those that name no number.
it.each([
  { call: 'ngx.req.get_uri_args()', gives: '100 truncated' },
  { call: 'ngx.req.get_uri_args(0)', gives: '120 nil' },
  { call: 'ngx.req.get_uri_args(110)', gives: '110 truncated' },
  { call: 'ngx.req.get_uri_args(2)', gives: '2 truncated' },
  { call: 'kong.request.get_query()', gives: '100 truncated' },
  { call: 'kong.request.get_query(1000)', gives: '120 nil' },
  { call: 'kong.request.get_query(2)', gives: '2 truncated' },
])('$call of 120 arguments gives $gives', async ({ call, gives }) => {
  expect(await toldBy(counted(call), { target })).toBe(gives)
})
