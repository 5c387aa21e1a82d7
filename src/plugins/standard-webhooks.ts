import { definePlugin } from '../pdk/plugin.ts'

/** Checks the signature of a webhook. */
export const standardWebhooks = definePlugin({
  name: 'standard-webhooks',
  priority: 760,
  unscoped: ['consumer'],
  config: {
    type: 'record',
    required: true,
    fields: {
      secret_v1: { type: 'string', required: true, referenceable: true, encrypted: true },
      tolerance_second: { type: 'integer', required: true, default: 300, gt: -1 },
    },
  },
})
