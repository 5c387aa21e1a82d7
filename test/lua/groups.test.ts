import { expect, it } from 'vitest'
import { acl } from '../../src/plugins/acl.ts'
import { preFunction } from '../../src/plugins/pre-function.ts'
import { valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

/** A gateway whose function runs before `acl` lets in who is one of the staff. */
function guarded(code: string) {
  return openLua({
    plugins: [preFunction, acl],
    plugins_of_route: [
      { name: 'pre-function', config: { access: [code] } },
      { name: 'acl', config: { allow: ['staff'] } },
    ],
  })
}

it.each([
  {
    code: 'kong.ctx.shared.authenticated_groups = { "staff", "x" }',
    status: 200,
    told: 'staff, x',
  },
  { code: 'ngx.ctx.authenticated_groups = { "staff", "x" }', status: 200, told: 'staff, x' },
  { code: 'ngx.ctx.authenticated_groups = { "x" }', status: 403 },
  { code: 'ngx.ctx.authenticated_groups = "staff"', status: 401 },
  { code: 'ngx.ctx.groups = { "staff" }', status: 401 },
  { code: 'kong.ctx.shared["ngx.ctx"] = "staff"', status: 401 },
  {
    code: 'ngx.ctx.authenticated_groups = { "x" } kong.ctx.shared.authenticated_groups = { "staff" }',
    status: 200,
    told: 'staff',
  },
])('$code is answered with $status by acl', async ({ code, status, told }) => {
  const { ask, transport } = await guarded(code)
  expect((await ask('/')).status).toBe(status)
  const [sent] = transport.sent
  expect(sent && valuesOf(sent.headers, 'x-authenticated-groups')).toEqual(told && [told])
})
