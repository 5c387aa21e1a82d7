import { definePlugin } from '../pdk/plugin.ts'

/** Refuses clients whose User-Agent is a known bot. */
export const botDetection = definePlugin({
  name: 'bot-detection',
  priority: 2500,
  unscoped: ['consumer'],
  config: {
    type: 'record',
    required: true,
    fields: {
      allow: { type: 'array', default: [], elements: { type: 'string', is_regex: true } },
      deny: { type: 'array', default: [], elements: { type: 'string', is_regex: true } },
    },
  },
})
