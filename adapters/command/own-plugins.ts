import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../../src/lib/message-of.ts'
import type { Plugin } from '../../src/pdk/plugin.ts'
import { allPlugins } from '../../src/plugins/all.ts'
import { isObject } from '../../src/schema/field.ts'

/** The plugins of some files, or all that is wrong with them. */
export type OwnPlugins =
  | { readonly ok: true; readonly plugins: readonly Plugin[] }
  | { readonly ok: false; readonly errors: readonly string[] }

/** Loads the plugins that files export by default, as the setting `plugins` names them. */
export async function loadOwnPlugins(files: readonly string[]): Promise<OwnPlugins> {
  const errors: string[] = []
  const plugins: Plugin[] = []
  for (const file of files) {
    const found = await loadPlugin(file)
    const taken = [...allPlugins, ...plugins].map(({ name }) => name)
    if (typeof found === 'string') errors.push(`plugins: ${found}`)
    else if (taken.includes(found.name)) {
      errors.push(
        `plugins: ${file} calls itself "${found.name}", as another plugin does; rename it`,
      )
    } else plugins.push(found)
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, plugins }
}

/** The plugin, or why there is none. */
async function loadPlugin(file: string): Promise<Plugin | string> {
  try {
    const { href } = pathToFileURL(resolve(file))
    const module: unknown = await import(href)
    const exported = isObject(module) ? module.default : undefined
    if (isPlugin(exported)) return exported
    return `${file} does not export a plugin by default: export default definePlugin({ … })`
  } catch (error) {
    return `cannot load ${file}: ${messageOf(error)}${adviceFor(file, error)}`
  }
}

function isPlugin(value: unknown): value is Plugin {
  if (!isObject(value)) return false
  const { name, priority, config } = value
  const named = typeof name === 'string' && /^[\w-]+$/.test(name)
  return named && typeof priority === 'number' && isObject(config) && isObject(config.fields)
}

/** Node before 22.18 reads no types. */
function adviceFor(file: string, error: unknown): string {
  const unknown = isObject(error) && error.code === 'ERR_UNKNOWN_FILE_EXTENSION'
  return unknown && file.endsWith('.ts')
    ? '; TypeScript needs Bun, Deno or Node 22.18, or compile it to JavaScript'
    : ''
}
