import { definePlugin } from '../pdk/plugin.ts'
import { functionChecks, functionFields } from './function-fields.ts'
import { anyProtocol } from './protocols.ts'

/** Runs functions of the operator after all other plugins. */
export const postFunction = definePlugin({
  name: 'post-function',
  priority: -1000,
  protocols: anyProtocol,
  unscoped: ['consumer'],
  config: {
    type: 'record',
    required: true,
    fields: functionFields,
  },
  entityChecks: functionChecks,
})
