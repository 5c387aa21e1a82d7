import type { ProcessSettings } from '../../src/settings/process-settings.ts'
import { readConfigFile } from './config-file.ts'

/** Where a kong.yaml comes from. */
export interface ConfigSource {
  /** What errors call it. */
  readonly name: string
  /** The file that may change; undefined for a text that cannot. */
  readonly file: string | undefined
  read(): string
}

/** The kong.yaml there is to serve. Kong: a file that is named comes before a text. */
export function configSource({
  declarativeConfig: file,
  declarativeConfigString: text,
}: Pick<ProcessSettings, 'declarativeConfig' | 'declarativeConfigString'>):
  | ConfigSource
  | undefined {
  if (file !== '') return { name: file, file, read: () => readConfigFile(file) }
  if (text === '') return undefined
  return { name: 'declarative_config_string', file: undefined, read: () => text }
}
