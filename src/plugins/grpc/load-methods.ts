import type { ProtoFile } from '../../lib/protobuf/file.ts'
import { parseProto } from '../../lib/protobuf/parse.ts'
import { linkMethods, type Method } from '../../lib/protobuf/schema.ts'
import type { Kit } from '../../pdk/kit.ts'
import { KNOWN_FILES } from './known-files.ts'

/** The methods of a .proto file; undefined when it cannot be used, which the log tells. */
export type Methods = () => Promise<readonly Method[] | undefined>

/** Reads a .proto file when first needed, and anew after a failure. */
export function createMethods(path: string, { files, runtime }: Kit): Methods {
  let loaded: Promise<readonly Method[] | undefined> | undefined
  const load = async (): Promise<readonly Method[] | undefined> => {
    try {
      if (files === undefined) throw new Error('there are no files on this runtime')
      return linkMethods(await readAll(path, (one) => files.read(one)))
    } catch (error) {
      runtime.log('error', 'Cannot use a .proto file', { path, error })
      loaded = undefined
      return undefined
    }
  }
  return () => {
    loaded ??= load()
    return loaded
  }
}

/** No service is made of more files. */
const MOST = 100

/** What tools know by themselves, and what tells of HTTP alone. */
const OWN = /^google\/(?:api|protobuf\/descriptor)/

async function readAll(
  path: string,
  read: (path: string) => Promise<Uint8Array>,
): Promise<readonly ProtoFile[]> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const known = new Set([path])
  const found: ProtoFile[] = []
  for (const one of known) {
    if (known.size > MOST) throw new Error('too many imports')
    const file = parseProto(await textOf(one, folder, read))
    found.push(file)
    for (const name of file.imports) if (!OWN.test(name)) known.add(folder + name)
  }
  return found
}

/** A file that is there comes before the one that everybody has. */
async function textOf(
  path: string,
  folder: string,
  read: (path: string) => Promise<Uint8Array>,
): Promise<string> {
  const own = KNOWN_FILES.get(path.slice(folder.length))
  try {
    return new TextDecoder().decode(await read(path))
  } catch (error) {
    if (own === undefined) throw error
    return own
  }
}
