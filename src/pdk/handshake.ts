/** A TLS handshake of a client with the proxy, as plugins see it: no request has come yet. */
export interface Handshake {
  /** In lower case; undefined when the client named none. */
  readonly serverName: string | undefined
  /** What the listener is for: requests or streams. */
  readonly listener: 'http' | 'stream'
  /** Asks the client for a certificate, which it may keep to itself (`kong.client.tls`). */
  requestCertificate(): void
  /** What plugins tell each other (`kong.ctx.shared`); requests of the connection have their own. */
  readonly shared: Map<unknown, unknown>
}
