import type { Kit } from '../../pdk/kit.ts'
import { FileError } from '../../ports/files.ts'
import type { Lent } from './lent.ts'

type FilesKit = Pick<Kit, 'runtime' | 'files'>

/** The credentials in AWS' shared files; undefined where they have none. */
export async function sharedCredentials(kit: FilesKit): Promise<Lent | undefined> {
  const { environment } = kit.runtime
  const profile = environment?.('AWS_PROFILE') ?? 'default'
  const credentials = environment?.('AWS_SHARED_CREDENTIALS_FILE') ?? '~/.aws/credentials'
  const config = environment?.('AWS_CONFIG_FILE') ?? '~/.aws/config'
  const text = await textOf(credentials, kit)
  // Kong: the other file counts where this one is not there, not where it lacks the profile.
  if (text !== undefined) return lentOf(sectionIn(text, profile))
  const other = await textOf(config, kit)
  if (other === undefined) return undefined
  return lentOf(sectionIn(other, profile === 'default' ? profile : `profile ${profile}`))
}

/** A file's text; undefined when there is no such file. */
async function textOf(path: string, { runtime, files }: FilesKit): Promise<string | undefined> {
  if (files === undefined) return undefined
  const place = atHome(path, runtime)
  if (place === undefined) return undefined
  try {
    return new TextDecoder().decode(await files.read(place))
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** `~` is who runs us; undefined when nobody says where that one is at home. */
function atHome(path: string, { environment }: FilesKit['runtime']): string | undefined {
  if (!path.startsWith('~/')) return path
  const home = environment?.('HOME') ?? environment?.('USERPROFILE')
  return home === undefined ? undefined : home + path.slice(1)
}

/** What an INI file says under a heading. */
function sectionIn(text: string, wanted: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let inside = false
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const heading = /^\[(.*)\]/.exec(line)?.[1]
    if (heading !== undefined) inside = heading.trim() === wanted
    const equals = line.indexOf('=')
    if (!inside || heading !== undefined || equals < 0) continue
    found.set(line.slice(0, equals).trimEnd(), line.slice(equals + 1).trimStart())
  }
  return found
}

function lentOf(section: ReadonlyMap<string, string>): Lent | undefined {
  const accessKeyId = section.get('aws_access_key_id')
  const secretAccessKey = section.get('aws_secret_access_key')
  if (!accessKeyId || !secretAccessKey) return undefined
  const sessionToken = section.get('aws_session_token')
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
  }
  return { credentials, endsAt: undefined }
}
