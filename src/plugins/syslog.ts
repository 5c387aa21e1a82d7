import { definePlugin } from '../pdk/plugin.ts'
import { createComplaint } from './logging/complaint.ts'
import { logHooks, statusIn } from './logging/custom-fields.ts'
import { customFieldsByLua, severity } from './logging/log-fields.ts'
import { logPlugin } from './logging/log-plugin.ts'
import { severityOf } from './logging/severity.ts'

/** Sends log entries to syslog. */
export const syslog = definePlugin(
  logPlugin({
    name: 'syslog',
    priority: 4,
    needs: ({ syslog }) => (syslog ? undefined : NO_SYSLOG),
    about: {
      summary: 'Writes a line of JSON to the system log for every request.',
      example: {
        facility: 'local0',
        client_errors_severity: 'warning',
        server_errors_severity: 'err',
      },
      notes: [
        'Answers below 400 have `successful_severity`, those from 400 on `client_errors_severity`, and those from 500 on `server_errors_severity`. What is less grave than `log_level` is not written.',
        'Lines are handed to the `logger` of util-linux. Where it is missing, or no log daemon listens, they are lost; the first is told in the log.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        log_level: { ...severity, required: true },
        successful_severity: { ...severity, required: true },
        client_errors_severity: { ...severity, required: true },
        server_errors_severity: { ...severity, required: true },
        custom_fields_by_lua: customFieldsByLua,
        facility: {
          type: 'string',
          required: true,
          default: 'user',
          one_of: [
            'auth',
            'authpriv',
            'cron',
            'daemon',
            'ftp',
            'kern',
            'lpr',
            'mail',
            'news',
            'syslog',
            'user',
            'uucp',
            'local0',
            'local1',
            'local2',
            'local3',
            'local4',
            'local5',
            'local6',
            'local7',
          ],
        },
      },
    },
  }),
  (config, kit) => {
    const { syslog } = kit
    if (syslog === undefined) return {}
    const complain = createComplaint(kit, 'Cannot write to the system log')
    const facility = FACILITIES[config.facility] * 8
    return logHooks({
      config,
      kit,
      write(entry) {
        const severity = severityOf(config, statusIn(entry))
        if (severity === undefined) return
        const written = syslog.write(facility + severity, JSON.stringify(entry))
        kit.runtime.background(written.catch(complain))
      },
    })
  },
)

const NO_SYSLOG = 'there is no system log on this runtime'

const FACILITIES = {
  kern: 0,
  user: 1,
  mail: 2,
  daemon: 3,
  auth: 4,
  syslog: 5,
  lpr: 6,
  news: 7,
  uucp: 8,
  cron: 9,
  authpriv: 10,
  ftp: 11,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const
