import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './protocols.ts'
import {
  headerNames,
  headerPairs,
  headerRenames,
  names,
  templatePairs,
} from './transformation-fields.ts'

const templates = { body: templatePairs, headers: headerPairs, querystring: templatePairs } as const

/** Changes headers, query and body on the way to the service. */
export const requestTransformer = definePlugin({
  name: 'request-transformer',
  priority: 801,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      http_method: { type: 'string', match: '^%u+$' },
      remove: {
        type: 'record',
        required: true,
        fields: { body: names, headers: headerNames, querystring: names },
      },
      rename: {
        type: 'record',
        required: true,
        fields: { body: templatePairs, headers: headerRenames, querystring: templatePairs },
      },
      replace: {
        type: 'record',
        required: true,
        fields: { ...templates, uri: { type: 'string' } },
      },
      add: { type: 'record', required: true, fields: templates },
      append: { type: 'record', required: true, fields: templates },
    },
  },
})
