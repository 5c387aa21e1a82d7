import { describe, expect, it } from 'vitest'
import { readSettings } from './read.ts'

const read = (values: Record<string, string>) => readSettings([new Map(Object.entries(values))])

describe('the Manager’s settings', () => {
  it('listens on this machine alone unless told otherwise', () => {
    const settings = read({})
    expect(settings.ok && settings.process.adminGui).toMatchObject({
      listens: [{ host: '127.0.0.1', port: 8002 }],
      chosen: false,
      path: '',
      dir: '',
    })
    expect(settings.ok && settings.settings.shown.admin_gui_listeners).toMatchObject([
      { ip: '127.0.0.1', port: 8002 },
    ])
  })

  it.each([
    [{ admin_gui_listen: 'off' }, { listens: [], chosen: true }],
    [{ admin_gui_path: '/manager' }, { path: '/manager' }],
    [{ admin_gui_api_url: 'https://api.test/' }, { apiUrl: 'https://api.test' }],
    [{ admin_gui_api_url: 'api.test:8001' }, { apiUrl: 'api.test:8001' }],
  ])('reads %o', (values, gui) => {
    const settings = read(values)
    expect(settings.ok && settings.process.adminGui).toMatchObject(gui)
  })

  it.each([
    [
      { admin_gui_path: '/a b' },
      "admin_gui_path can only contain letters, digits, hyphens ('-'), underscores ('_'), and slashes ('/')",
    ],
    [
      { admin_gui_api_url: "http://a.test'; script-src *" },
      'admin_gui_api_url: "http://a.test\'; script-src *" is not a URL such as https://admin.example',
    ],
    [
      { admin_gui_listen: '127.0.0.1:8002 ssl', admin_gui_ssl_cert: 'c.pem' },
      'admin_gui_ssl_cert_key must be specified',
    ],
  ])('refuses %o', (values, error) => {
    expect(read(values)).toEqual({ ok: false, errors: [error] })
  })
})
