import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { FileError } from '../../src/ports/files.ts'

/** A file that is added to. */
export interface AppendedFile {
  readonly path: string
  handle: FileHandle | undefined
  waiting: Waiting[]
  /** Bytes that are waiting or being written. */
  size: number
  /** While something is written; never rejects. */
  writing: Promise<void> | undefined
}

/** What is to be added to it. */
export interface Addition {
  readonly bytes: Uint8Array
  readonly reopen: boolean
}

interface Waiting extends Addition {
  readonly resolve: () => void
  readonly reject: (error: FileError) => void
}

/** One that is not open yet. */
export function newFile(path: string): AppendedFile {
  return { path, handle: undefined, waiting: [], size: 0, writing: undefined }
}

/** Adds bytes behind those that wait; `rested` is called when nothing does any more. */
export function appendTo(
  file: AppendedFile,
  addition: Addition,
  rested: () => Promise<void>,
): Promise<void> {
  file.size += addition.bytes.length
  return new Promise((resolve, reject) => {
    file.waiting.push({ ...addition, resolve, reject })
    file.writing ??= writeAll(file).then(rested)
  })
}

/** Lets go of it; the next addition opens it again. */
export async function closeHandle(file: AppendedFile): Promise<void> {
  const { handle } = file
  file.handle = undefined
  // What was written is written; that it cannot be let go of changes nothing.
  await handle?.close().catch(() => {})
}

/** Whatever the system said, as the port says it. */
export function fileFailure(error: unknown, what: string): FileError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO'
  return new FileError(code, `${what}: ${code}`, { cause: error })
}

async function writeAll(file: AppendedFile): Promise<void> {
  // What else is added in this turn goes along.
  await Promise.resolve()
  while (file.waiting.length > 0) await writeWaiting(file)
  file.writing = undefined
}

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT

async function writeWaiting(file: AppendedFile): Promise<void> {
  const batch = file.waiting
  file.waiting = []
  const bytes = Buffer.concat(batch.map((one) => one.bytes))
  try {
    if (batch.some(({ reopen }) => reopen)) await closeHandle(file)
    file.handle ??= await open(file.path, APPEND, 0o644)
    await file.handle.appendFile(bytes)
    for (const { resolve } of batch) resolve()
  } catch (error) {
    await closeHandle(file)
    const reason = fileFailure(error, `Cannot write to "${file.path}"`)
    for (const { reject } of batch) reject(reason)
  } finally {
    file.size -= bytes.length
  }
}
