import { AUTHENTICATION_ROWS } from './rows-authentication.ts'
import { FUNCTION_ROWS } from './rows-functions.ts'
import { KEY_ROWS } from './rows-keys.ts'
import { LIMIT_ROWS } from './rows-limits.ts'
import { LUA_ROWS } from './rows-lua.ts'
import { OAUTH2_ROWS } from './rows-oauth2.ts'
import { ORIGIN_ROWS } from './rows-origins.ts'
import type { PluginRow } from './rows-row.ts'
import { SECURITY_ROWS } from './rows-security.ts'
import { SIGNATURE_ROWS } from './rows-signatures.ts'
import { TOKEN_ROWS } from './rows-tokens.ts'
import { TRAFFIC_ROWS } from './rows-traffic.ts'
import { TRANSFORMATION_ROWS } from './rows-transformation.ts'

/** Every row, each on a route of its own. */
export const PLUGIN_ROWS: readonly PluginRow[] = [
  ...KEY_ROWS,
  ...AUTHENTICATION_ROWS,
  ...TOKEN_ROWS,
  ...SIGNATURE_ROWS,
  ...OAUTH2_ROWS,
  ...LIMIT_ROWS,
  ...TRAFFIC_ROWS,
  ...ORIGIN_ROWS,
  ...SECURITY_ROWS,
  ...TRANSFORMATION_ROWS,
  ...FUNCTION_ROWS,
  ...LUA_ROWS,
]
