import { definePlugin } from '../pdk/plugin.ts'
import { functionChecks, functionFields } from './function-fields.ts'
import { anyProtocol } from './protocols.ts'

/** Runs functions of the operator before all other plugins. */
export const preFunction = definePlugin({
  name: 'pre-function',
  priority: 1000000,
  protocols: anyProtocol,
  unscoped: ['consumer'],
  config: {
    type: 'record',
    required: true,
    fields: functionFields,
  },
  entityChecks: functionChecks,
})
