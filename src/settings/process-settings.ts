import type { TemplateForm } from './error-template.ts'
import type { GuiSettings } from './gui.ts'
import type { KeepaliveSettings } from './keepalive.ts'
import type { Listen } from './listen.ts'

/** What the process itself needs to know: addresses, files, folders. */
export interface ProcessSettings {
  readonly proxyListen: readonly Listen[]
  readonly adminListen: readonly Listen[]
  readonly statusListen: readonly Listen[]
  readonly streamListen: readonly Listen[]
  readonly adminGui: GuiSettings
  readonly declarativeConfig: string
  /** The text of one, where no file is named. */
  readonly declarativeConfigString: string
  /** Whether that file is served anew when it changes. */
  readonly declarativeWatch: boolean
  readonly dataDir: string
  /** A list of name servers; empty for the machine's own. */
  readonly dnsResolver: string
  readonly dnsHostsfile: string
  readonly sslCert: string
  readonly sslCertKey: string
  readonly adminSslCert: string
  readonly adminSslCertKey: string
  readonly adminGuiSslCert: string
  readonly adminGuiSslCertKey: string
  /** Whether upstreams that ask who we are get to see the pair, or one that is made. */
  readonly clientSsl: boolean
  readonly clientSslCert: string
  readonly clientSslCertKey: string
  /** Files and texts; `system` for the runtime's own authorities. */
  readonly trustedCertificates: readonly string[]
  readonly keepalive: KeepaliveSettings
  /** Files with the bodies of errors; empty for Kong's own. */
  readonly errorTemplates: Readonly<Record<TemplateForm, string>>
  /** Connections each proxy listener keeps open at most. */
  readonly maxConnections: number
  /** Milliseconds until a request head must be whole. */
  readonly headersTimeout: number
  readonly logFormat: 'plain' | 'json'
  /** Whether a Lua is loaded. */
  readonly untrustedLua: 'off' | 'sandbox'
  /** Processes that serve; `auto` for one a core. */
  readonly workers: number | 'auto'
  /** Milliseconds. */
  readonly shutdownTimeout: number
}
