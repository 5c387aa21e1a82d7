import type { Setting } from './all.ts'

/** What may be chosen about the Manager. */
export const GUI_SETTINGS: readonly Setting[] = [
  {
    name: 'admin_gui_listen',
    fallback: '127.0.0.1:8002',
    about: 'Where the Manager is served: address:port or unix:/path, [ssl] [http2]; a list, or off',
  },
  {
    name: 'admin_gui_path',
    fallback: '/',
    about: 'Path of the Manager there: letters, digits, - and _ between slashes',
  },
  {
    name: 'admin_gui_api_url',
    fallback: '',
    about:
      "The Admin API as browsers reach it; the page's host and the port of admin_listen when empty",
  },
  {
    name: 'admin_gui_dir',
    fallback: '',
    about: "Folder with a build of Kong's own Manager, served in place of ours",
    ours: true,
  },
  {
    name: 'admin_gui_ssl_cert',
    fallback: '',
    about: 'PEM file of the certificate of the Manager, or its text; one is made when empty',
  },
  {
    name: 'admin_gui_ssl_cert_key',
    fallback: '',
    about: 'PEM file of its private key, or its text',
    secret: true,
  },
  {
    name: 'admin_gui_url',
    fallback: '',
    about: 'Origins of pages that may use the Admin API from a browser, as a list',
  },
]
