import { definePlugin } from '../pdk/plugin.ts'
import { createComplaint } from './logging/complaint.ts'
import { logHooks } from './logging/custom-fields.ts'
import { customFieldsByLua } from './logging/log-fields.ts'
import { logPlugin } from './logging/log-plugin.ts'

/** Appends log entries to a file. */
export const fileLog = definePlugin(
  logPlugin({
    name: 'file-log',
    priority: 9,
    needs: ({ files }) => (files ? undefined : NO_FILES),
    about: {
      summary: 'Appends a line of JSON to a file for every request.',
      example: { path: '/var/log/gateway/requests.log', reopen: true },
      notes: [
        'The file is made when there is none; its folder is not. With `reopen` it is opened anew for each line, as it should be where something rotates it by renaming.',
        'At most 16 MiB wait for a slow disk; what comes then is dropped, and the log says so.',
      ],
    },
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
  }),
  (config, kit) => {
    const { path, reopen } = config
    const { files } = kit
    if (files === undefined) return {}
    const complain = createComplaint(kit, `Cannot write to ${path}`)
    return logHooks({
      config,
      kit,
      write(entry) {
        const line = encoder.encode(`${JSON.stringify(entry)}\n`)
        kit.runtime.background(files.append(path, line, { reopen }).catch(complain))
      },
    })
  },
)

const encoder = new TextEncoder()
const NO_FILES = 'there are no files on this runtime'
