import { PROTOCOLS } from '../entities/fields.ts'
import { checkIpOrRange } from '../entities/texts.ts'
import { parseIp } from '../lib/ip.ts'
import { createIpSet } from '../lib/ip-set.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { configuredRefusal } from './answers/configured-refusal.ts'

const ranges = {
  type: 'array',
  elements: { type: 'string', check: checkIpOrRange },
} as const

/** Lets addresses in or keeps them out. */
export const ipRestriction = definePlugin(
  {
    name: 'ip-restriction',
    priority: 990,
    protocols: {
      type: 'set',
      required: true,
      default: ['http', 'https', 'tcp', 'tls', 'grpc', 'grpcs'],
      elements: { type: 'string', one_of: PROTOCOLS },
    },
    about: {
      summary: 'Lets requests in, or keeps them out, by the address they come from.',
      example: { allow: ['10.0.0.0/8', '2001:db8::/32'], deny: ['10.0.0.13'] },
      notes: [
        'An address that is denied stays out, even if it is allowed too. With `allow`, all others stay out.',
        'With one of `tcp`, `tls`, `tls_passthrough` and `udp` among `protocols`, as `tcp` and `tls` are by default, sessions of stream routes are let in or kept out likewise: their client is told so as JSON, one of UDP nothing.',
        'The address is the one `trusted_ips` and `real_ip_header` lead to, not always that of the connection.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        allow: ranges,
        deny: ranges,
        status: { type: 'number', required: false },
        message: { type: 'string', required: false },
      },
    },
    entityChecks: [{ at_least_one_of: ['config.allow', 'config.deny'] }],
  },
  ({ allow, deny, status, message }, { runtime, plugin }) => {
    const allowed = allow?.length ? createIpSet(allow) : undefined
    const denied = deny?.length ? createIpSet(deny) : undefined
    const reasonFor = (address: string): Reason | undefined => {
      const ip = parseIp(address)
      if (ip === undefined) return UNKNOWN
      const stays = denied?.has(ip) === true || allowed?.has(ip) === false
      if (!stays) return undefined
      return { status: status ?? 403, message: message ?? `IP address not allowed: ${address}` }
    }
    return {
      access({ client }) {
        const reason = reasonFor(client.ip)
        return reason && configuredRefusal(reason.status, reason.message)
      },
      preread({ client }) {
        const reason = reasonFor(client.ip)
        if (reason === undefined) return
        // Kong: the log tells of a session that is refused.
        runtime.log('warn', reason.message, { ip: client.ip, plugin: plugin.id })
        return { status: reason.status, said: encoder.encode(JSON.stringify(reason)) }
      },
    }
  },
)

/** Why an address stays out, as streams are told. */
interface Reason {
  readonly status: number
  readonly message: string
}

const encoder = new TextEncoder()
const UNKNOWN: Reason = {
  status: 403,
  message: 'Cannot identify the client IP address, unix domain sockets are not supported.',
}
