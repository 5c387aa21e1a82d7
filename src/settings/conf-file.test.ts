import { expect, it } from 'vitest'
import { parseConfFile } from './conf-file.ts'

it('reads a kong.conf', () => {
  const got = parseConfFile(`# comment
proxy_listen = 0.0.0.0:8000   # where
admin_gui_url = "http://a"
real_ip_header = X\\#Y
`)
  expect(Object.fromEntries(got.values)).toEqual({
    proxy_listen: '0.0.0.0:8000',
    admin_gui_url: 'http://a',
    real_ip_header: 'X#Y',
  })
})

it('says which line it cannot read', () => {
  expect(parseConfFile('a = 1\nnonsense').errors).toEqual([
    'line 2: cannot read "nonsense", write name = value',
  ])
})
