import { readFile } from 'node:fs/promises'
import { FileError, type Files } from '../../src/ports/files.ts'
import { type AppendedFile, appendTo, closeHandle, fileFailure, newFile } from './append.ts'

/** How much may be kept and open at once. */
export interface FilesOptions {
  /** Bytes that wait to be written to one file. */
  readonly maxWaiting?: number
  /** Files left open; past it the one longest unused is closed. */
  readonly maxOpen?: number
}

/** Files over `node:fs`. What waits for a file is written at once, so a line is never torn by another. */
export function createNodeFiles(options: FilesOptions = {}): Files {
  const { maxWaiting = 16 * 1024 * 1024, maxOpen = 64 } = options
  /** The last one used is the last of them. */
  const files = new Map<string, AppendedFile>()
  let closing = false

  return {
    append(path, bytes, { reopen = false } = {}) {
      if (closing) return Promise.reject(new FileError('CLOSED', 'The files are closed'))
      const file = files.get(path) ?? newFile(path)
      if (file.size > 0 && file.size + bytes.length > maxWaiting) {
        return Promise.reject(new FileError('BUSY', `Too much is waiting for "${path}"`))
      }
      files.delete(path)
      files.set(path, file)
      return appendTo(file, { bytes, reopen }, () => closeUnused(files, maxOpen))
    },
    read: (path) =>
      readFile(path).catch((error: unknown) => {
        throw fileFailure(error, `Cannot read "${path}"`)
      }),
    async close() {
      closing = true
      await Promise.all(Array.from(files.values(), ({ writing }) => writing))
      await Promise.all(Array.from(files.values(), closeHandle))
      files.clear()
    },
  }
}

async function closeUnused(files: Map<string, AppendedFile>, most: number): Promise<void> {
  for (const file of files.values()) {
    if (files.size <= most) return
    if (file.writing !== undefined) continue
    files.delete(file.path)
    await closeHandle(file)
  }
}
