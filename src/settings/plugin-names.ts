/** Words of the setting `plugins` that name no plugin. */
const GROUPS: readonly string[] = ['bundled', 'off']

/** Why each name of the setting `plugins` that there is no plugin for ends the start. */
export function unknownPlugins(
  shown: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string[] {
  const names = Array.isArray(shown.plugins) ? shown.plugins.map(String) : []
  return names
    .filter((name) => !GROUPS.includes(name) && !known.includes(name) && !isFile(name))
    .map((name) => `plugins: there is no plugin "${name}" here, leave it out`)
}

/** The files among them: a plugin of one's own is named by its path. */
export function pluginFiles(shown: Readonly<Record<string, unknown>>): string[] {
  const names = Array.isArray(shown.plugins) ? shown.plugins.map(String) : []
  return names.filter(isFile)
}

function isFile(name: string): boolean {
  return name.includes('/')
}
