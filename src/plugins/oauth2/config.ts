/** What this server is configured to do. */
export interface OAuth2Config {
  readonly scopes: readonly string[] | null
  readonly mandatory_scope: boolean
  readonly provision_key: string
  readonly token_expiration: number
  readonly enable_authorization_code: boolean
  readonly enable_implicit_grant: boolean
  readonly enable_client_credentials: boolean
  readonly enable_password_grant: boolean
  readonly hide_credentials: boolean
  readonly accept_http_if_already_terminated: boolean
  readonly anonymous: string | null
  readonly global_credentials: boolean
  readonly auth_header_name: string | null
  readonly refresh_token_ttl: number
  readonly reuse_refresh_token: boolean
  readonly pkce: 'none' | 'lax' | 'strict' | null
  readonly realm: string | null
}
