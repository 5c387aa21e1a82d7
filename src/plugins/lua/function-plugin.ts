import { definePlugin, type Plugin } from '../../pdk/plugin.ts'
import { anyProtocol } from '../fields/protocols.ts'
import { functionChecks, functionFields } from './function-fields.ts'
import { functionNotes } from './function-notes.ts'
import { faultsInFunctions, needsForFunctions, openFunctions } from './open-functions.ts'

/** At which end of the chain a plugin of functions runs. */
interface FunctionEnd {
  readonly name: string
  readonly priority: number
  /** `before` or `after` all other plugins. */
  readonly runs: 'before' | 'after'
}

/** Makes a plugin of functions of the operator: there is one for either end of the chain. */
export function functionPlugin({ name, priority, runs }: FunctionEnd): Plugin {
  return definePlugin(
    {
      name,
      priority,
      protocols: anyProtocol,
      unscoped: ['consumer'],
      needs: needsForFunctions,
      faults: faultsInFunctions(name),
      about: {
        summary: `Runs functions in Lua of your own ${runs} all other plugins.`,
        example: { access: ['kong.service.request.set_header("X-From", kong.client.get_ip())'] },
        notes: functionNotes,
      },
      config: { type: 'record', required: true, fields: functionFields },
      entityChecks: functionChecks,
    },
    openFunctions,
  )
}
