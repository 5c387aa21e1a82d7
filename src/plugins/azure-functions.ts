import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './protocols.ts'

/** Answers from a function on Azure. */
export const azureFunctions = definePlugin({
  name: 'azure-functions',
  priority: 749,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      timeout: { type: 'number', default: 600000 },
      keepalive: { type: 'number', default: 60000 },
      https: { type: 'boolean', default: true },
      https_verify: { type: 'boolean', default: false },
      apikey: { type: 'string', referenceable: true, encrypted: true },
      clientid: { type: 'string', referenceable: true, encrypted: true },
      appname: { type: 'string', required: true },
      hostdomain: { type: 'string', required: true, default: 'azurewebsites.net' },
      routeprefix: { type: 'string', default: 'api' },
      functionname: { type: 'string', required: true },
    },
  },
})
