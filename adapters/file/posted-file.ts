import path from 'node:path'
import type { Entry, Json } from '../../src/ports/store.ts'
import { deepFreeze } from '../../src/store/freeze.ts'
import type { Disk } from './disk.ts'
import { lockIn } from './folder.ts'
import { encodeLine, encodeLines, readLines } from './lines.ts'
import type { Lock } from './lock.ts'

/** A file that holds a whole configuration, or is not there. One call at a time. */
export interface PostedFile {
  readonly name: string
  /** All that it holds; undefined when there is none. Throws `DamagedFile` when it is not whole. */
  read(): Promise<readonly Entry[] | undefined>
  /** Puts another in its place, which lasts from then on. */
  write(entries: readonly Entry[]): Promise<void>
  remove(): Promise<void>
  /** Gives it another name, and tells which. */
  setAside(): Promise<string>
  close(): Promise<void>
}

/** What is there cannot be read whole. */
export class DamagedFile extends Error {}

const FORMAT = 1
const ENTRIES_A_LINE = 32
const LINES_A_WRITE = 8

/** Looks after `config.posted` in a folder; only its first change touches the folder. */
export function openPostedFile(folder: string, disk: Disk): PostedFile {
  const name = path.join(folder, 'config.posted')
  let lock: Lock | undefined
  const owned = async (): Promise<Lock> => {
    lock ??= await lockIn(disk, folder, 'config')
    await lock.check()
    return lock
  }

  return {
    name,
    async read() {
      const bytes = await disk.read(name)
      return bytes === undefined ? undefined : entriesIn(name, bytes)
    },
    async write(entries) {
      const { check } = await owned()
      await replace(disk, name, { entries, check })
      await disk.syncFolder(folder)
    },
    async remove() {
      if (!(await isThere(disk, name))) return
      await owned()
      await disk.remove(name)
      await disk.syncFolder(folder)
    },
    async setAside() {
      await owned()
      const aside = `${name}.damaged`
      await disk.rename(name, aside)
      return aside
    },
    close: async () => lock?.release(),
  }
}

async function isThere(disk: Disk, file: string): Promise<boolean> {
  try {
    await disk.close(await disk.open(file, 'r'))
    return true
  } catch {
    return false
  }
}

async function replace(
  disk: Disk,
  file: string,
  { entries, check }: { readonly entries: readonly Entry[]; readonly check: Lock['check'] },
): Promise<void> {
  const draft = `${file}.new`
  const fd = await disk.open(draft, 'w')
  try {
    await writeEntries(disk, fd, entries)
    await disk.sync(fd)
  } catch (error) {
    await disk.close(fd)
    await disk.remove(draft)
    throw error
  }
  await disk.close(fd)
  await check()
  await disk.rename(draft, file)
}

/** Piece by piece, so that nobody waits long for the processor. */
async function writeEntries(disk: Disk, fd: number, entries: readonly Entry[]): Promise<void> {
  const lines = Math.ceil(entries.length / ENTRIES_A_LINE)
  const head = encodeLine(JSON.stringify({ format: FORMAT, lines }))
  await disk.write(fd, head, 0)
  let end = head.length
  for (let line = 0; line < lines; line += LINES_A_WRITE) {
    const count = Math.min(LINES_A_WRITE, lines - line)
    const bytes = encodeLines(Array.from({ length: count }, (_, i) => textOf(entries, line + i)))
    await disk.write(fd, bytes, end)
    end += bytes.length
  }
}

function textOf(entries: readonly Entry[], line: number): string {
  const part = entries.slice(line * ENTRIES_A_LINE, (line + 1) * ENTRIES_A_LINE)
  return JSON.stringify(part.map(({ key, value }) => [key, value]))
}

function entriesIn(name: string, bytes: Uint8Array): readonly Entry[] {
  const { records, end, damaged } = readLines(bytes)
  const [head, ...lines] = records
  const whole = damaged === undefined && end === bytes.length
  const { format, lines: count } = Object(head)
  if (!whole || format !== FORMAT || count !== lines.length) {
    throw new DamagedFile(`Cannot read "${name}": line ${damaged ?? records.length + 1} is damaged`)
  }
  // The checksums have proven that these are lines which `textOf` wrote.
  const pairs = (lines as (readonly [string, Json])[][]).flat()
  return pairs.map(([key, value]) => ({ key, value: deepFreeze(value) }))
}
