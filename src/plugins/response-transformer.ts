import { definePlugin } from '../pdk/plugin.ts'
import { headerRenames, names, pairs } from './transformation-fields.ts'

/** What becomes of a value in the JSON body, which is text in the config. */
const jsonTypes = {
  type: 'array',
  required: true,
  default: [],
  elements: { type: 'string', one_of: ['boolean', 'number', 'string'] },
} as const

// Kong: header names are looked at where they are renamed only.
const values = {
  type: 'record',
  required: true,
  fields: { json: pairs, json_types: jsonTypes, headers: pairs },
} as const

/** Changes headers and JSON body on the way to the client. */
export const responseTransformer = definePlugin({
  name: 'response-transformer',
  priority: 800,
  config: {
    type: 'record',
    required: true,
    fields: {
      remove: { type: 'record', required: true, fields: { json: names, headers: names } },
      rename: { type: 'record', required: true, fields: { json: pairs, headers: headerRenames } },
      replace: values,
      add: values,
      append: values,
    },
  },
})
