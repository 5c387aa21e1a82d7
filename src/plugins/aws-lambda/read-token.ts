import type { Kit } from '../../pdk/kit.ts'

/** Reads a token that Kubernetes keeps fresh in a file. */
export async function readToken(path: string, { files }: Pick<Kit, 'files'>): Promise<string> {
  if (files === undefined) throw new Error(`there are no files here to read "${path}" from`)
  return new TextDecoder().decode(await files.read(path)).trim()
}
