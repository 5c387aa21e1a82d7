import { definePlugin } from '../pdk/plugin.ts'
import { customFieldsByLua } from './log-fields.ts'
import { createComplaint } from './logging/complaint.ts'
import { faultsInCustomFields, logHooks, needsForCustomFields } from './logging/custom-fields.ts'
import { STREAM_NOTE } from './logging/stream-note.ts'
import { anyProtocol } from './protocols.ts'

/** Appends log entries to a file. */
export const fileLog = definePlugin(
  {
    name: 'file-log',
    priority: 9,
    protocols: anyProtocol,
    needs: (caps, config) => (caps.files ? needsForCustomFields(caps, config) : NO_FILES),
    faults: faultsInCustomFields,
    about: {
      summary: 'Appends a line of JSON to a file for every request.',
      example: { path: '/var/log/gateway/requests.log', reopen: true },
      notes: [
        'The file is made when there is none; its folder is not. With `reopen` it is opened anew for each line, as it should be where something rotates it by renaming.',
        'At most 16 MiB wait for a slow disk; what comes then is dropped, and the log says so.',
        STREAM_NOTE,
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
  },
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
