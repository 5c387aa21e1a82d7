import { expect, it } from 'vitest'
import { openLua } from './open-lua.ts'

it.each([
  { what: 'a function that fails in access', code: { access: ['error("no")'] }, source: 'error' },
  { what: 'one that fails in rewrite', code: { rewrite: ['error("no")'] }, source: 'error' },
  { what: 'one that exits', code: { access: ['kong.response.exit(500)'] }, source: 'exit' },
  { what: 'one that refuses', code: { access: ['kong.response.error(500)'] }, source: 'exit' },
])('the source of what $what answers is "$source"', async ({ code, source }) => {
  const told = { header_filter: ['ngx.header["X-Source"] = kong.response.get_source()'] }
  const { ask } = await openLua({
    config: {
      plugins: [
        { name: 'pre-function', config: code },
        { name: 'post-function', config: told },
      ],
    },
  })
  const { status, headers } = await ask('/')
  expect([status, headers.get('x-source')]).toEqual([500, source])
})
