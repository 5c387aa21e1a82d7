import { definePlugin } from '../pdk/plugin.ts'
import { customFieldsByLua } from './log-fields.ts'
import { anyProtocol } from './protocols.ts'

/** Appends log entries to a file. */
export const fileLog = definePlugin({
  name: 'file-log',
  priority: 9,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      path: {
        type: 'string',
        required: true,
        match: '^[^%s*&%%\\`][^*&%%\\`]*[^%s*&%%\\`]$',
        err: 'not a valid filename',
      },
      reopen: { type: 'boolean', required: true, default: false },
      custom_fields_by_lua: customFieldsByLua,
    },
  },
})
