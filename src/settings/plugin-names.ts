import { listOf } from './list.ts'

/** Words of the setting `plugins` that name no plugin. */
const GROUPS: readonly string[] = ['bundled', 'off']

/** The plugins to load. Undefined for all that are bundled; `bundled` in a list stands for them too. */
export function pluginNames(text: string): readonly string[] | undefined {
  const names = listOf(text)
  // Kong: an `off` that comes first turns all of them off, any other one nothing.
  if (names[0] === 'off') return []
  return names.includes('bundled') ? undefined : names.filter((name) => name !== 'off')
}

/** Why each name of the setting `plugins` that there is no plugin for ends the start. */
export function unknownPlugins(
  shown: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string[] {
  return namesOf(shown)
    .filter((name) => !GROUPS.includes(name) && !known.includes(name) && !isFile(name))
    .map((name) => `plugins: there is no plugin "${name}" here, leave it out`)
}

/** The files among them: a plugin of one's own is named by its path. */
export function pluginFiles(shown: Readonly<Record<string, unknown>>): string[] {
  return namesOf(shown).filter(isFile)
}

/** Kong: nobody looks at what stands behind an `off` that comes first. */
function namesOf({ plugins }: Readonly<Record<string, unknown>>): string[] {
  const names = Array.isArray(plugins) ? plugins.map(String) : []
  return names[0] === 'off' ? [] : names
}

function isFile(name: string): boolean {
  return name.includes('/')
}
