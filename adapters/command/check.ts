import process from 'node:process'
import { parseDocument } from '../../src/declarative/parse.ts'
import { readDeclarative } from '../../src/declarative/read.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import type { Plugin, RuntimeCaps } from '../../src/pdk/plugin.ts'
import { entitiesOf } from '../../src/plugins/entities.ts'
import { contextOf } from '../../src/schema/context.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { loadFengari } from '../lua/fengari.ts'
import { createSocketTransport } from '../node-http/transport.ts'
import { createNodeSockets } from '../sockets/sockets.ts'
import { configErrors } from './config-errors.ts'
import { readConfigFile } from './config-file.ts'

/** `gibbon check FILE`: says how many entities it has, or all that is wrong with it here; 0 or 1. */
export async function check(
  file: string,
  settings: Settings,
  plugins: readonly Plugin[],
): Promise<number> {
  let text: string
  try {
    text = readConfigFile(file)
  } catch (error) {
    process.stderr.write(`gibbon: ${messageOf(error)}\n`)
    return 1
  }
  try {
    const { rows } = await readDeclarative(parseDocument(text, { size: 64 * 2 ** 20 }), {
      entities: entitiesOf(settings, createSocketTransport().caps, {
        plugins,
        runtime: await runtimeCaps(settings),
      }),
      context: contextOf({ now: Date.now, uuid: () => crypto.randomUUID() }),
    })
    const counts = Object.entries(rows)
      .filter(([, { length }]) => length > 0)
      .map(([table, { length }]) => `${length} ${table}`)
    process.stdout.write(`${file} is valid: ${counts.join(', ') || 'nothing in it'}\n`)
    return 0
  } catch (error) {
    const lines = configErrors(error, { file, text })
    process.stderr.write(`${lines.join('\n')}\n${countOf(lines.length)} in ${file}\n`)
    return 1
  }
}

/** What plugins would find if it were served here. */
async function runtimeCaps({ shown }: Settings): Promise<RuntimeCaps> {
  return {
    sockets: createNodeSockets().caps,
    files: true,
    syslog: true,
    proxy: true,
    lua: shown.untrusted_lua === 'sandbox' ? await loadFengari() : undefined,
  }
}

function countOf(errors: number): string {
  return errors === 1 ? '1 error' : `${errors} errors`
}
