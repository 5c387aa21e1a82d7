import type { Exchange } from '../../pdk/exchange.ts'
import { readForm } from '../../pdk/form.ts'
import { getOwn } from '../../schema/field.ts'

/** How a client ends its session. */
export interface LogoutRules {
  readonly logout_methods: readonly string[] | null
  readonly logout_query_arg: string | null
  readonly logout_post_arg: string | null
  readonly read_body_for_logout: boolean | null
}

/** Whether a request is to end its session: by its method, and an argument in the query or in the body. */
export async function isLogout(
  exchange: Exchange,
  rules: LogoutRules,
  bodyLimit: number,
): Promise<boolean> {
  const { request } = exchange
  if (!(rules.logout_methods ?? []).includes(request.method)) return false
  if (rules.logout_query_arg !== null && request.queryArg(rules.logout_query_arg).length > 0) {
    return true
  }
  if (!rules.read_body_for_logout || rules.logout_post_arg === null) return false
  const form = await readForm(exchange, bodyLimit)
  const value = form && getOwn(form.fields, rules.logout_post_arg)
  // Kong: whatever it is, but for a false one.
  return value !== undefined && value !== false
}
