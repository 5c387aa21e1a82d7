import { definePlugin } from '../pdk/plugin.ts'
import { functionChecks, functionFields } from './function-fields.ts'
import { functionNotes } from './lua/function-notes.ts'
import { needsForFunctions, openFunctions } from './lua/open-functions.ts'
import { anyProtocol } from './protocols.ts'

/** Runs functions of the operator after all other plugins. */
export const postFunction = definePlugin(
  {
    name: 'post-function',
    priority: -1000,
    protocols: anyProtocol,
    unscoped: ['consumer'],
    needs: needsForFunctions,
    about: {
      summary: 'Runs functions in Lua of your own after all other plugins.',
      example: { access: ['kong.service.request.set_header("X-From", kong.client.get_ip())'] },
      notes: functionNotes,
    },
    config: {
      type: 'record',
      required: true,
      fields: functionFields,
    },
    entityChecks: functionChecks,
  },
  openFunctions,
)
