import { PROTOCOLS } from '../entities/fields.ts'
import { checkIpOrRange } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'

const ranges = {
  type: 'array',
  elements: { type: 'string', check: checkIpOrRange },
} as const

/** Lets addresses in or keeps them out. */
export const ipRestriction = definePlugin({
  name: 'ip-restriction',
  priority: 990,
  protocols: {
    type: 'set',
    required: true,
    default: ['http', 'https', 'tcp', 'tls', 'grpc', 'grpcs'],
    elements: { type: 'string', one_of: PROTOCOLS },
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
})
