import fs from 'node:fs'
import path from 'node:path'

/** The few file calls of the file adapters, the same on every runtime; tests put broken disks in its place. */
export interface Disk {
  open(file: string, flags: string): Promise<number>
  close(fd: number): Promise<void>
  /** The whole file, or undefined when there is none. */
  read(file: string): Promise<Uint8Array | undefined>
  /** Writes all bytes, however many calls it takes. */
  write(fd: number, bytes: Uint8Array, position: number): Promise<void>
  truncate(fd: number, length: number): Promise<void>
  sync(fd: number): Promise<void>
  /** Makes names created in or renamed within a folder last. */
  syncFolder(folder: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Gives a file a second name; false when that name is taken. */
  link(from: string, to: string): Promise<boolean>
  remove(file: string): Promise<void>
  makeFolder(folder: string): Promise<void>
}

/** The machine's own files. */
export const machineDisk: Disk = {
  open: (file, flags) => call((done) => fs.open(file, flags, 0o600, done)),
  close: (fd) => run((done) => fs.close(fd, done)),
  read: (file) =>
    call<Uint8Array>((done) => fs.readFile(file, done)).catch(unless('ENOENT', undefined)),
  write: async (fd, bytes, position) => {
    for (let sent = 0; sent < bytes.length; ) {
      const at = sent
      sent += await call<number>((done) =>
        fs.write(fd, bytes, at, bytes.length - at, position + at, done),
      )
    }
  },
  truncate: (fd, length) => run((done) => fs.ftruncate(fd, length, done)),
  sync: (fd) => run((done) => fs.fdatasync(fd, done)),
  syncFolder,
  rename: (from, to) => run((done) => fs.rename(from, to, done)),
  link: (from, to) =>
    run((done) => fs.link(from, to, done))
      // Not every file system has second names; a copy that must be the first does nearly as well.
      .catch((error) => {
        if (codeOf(error) === 'EEXIST') throw error
        return run((done) => fs.copyFile(from, to, fs.constants.COPYFILE_EXCL, done))
      })
      .then(() => true, unless('EEXIST', false)),
  remove: (file) => run((done) => fs.unlink(file, done)).catch(unless('ENOENT', undefined)),
  makeFolder,
}

type Done<T> = (error: Error | null, value: T) => void

function call<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error === null ? resolve(value) : reject(error)))
  })
}

function run(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null || error === undefined ? resolve() : reject(error)))
  })
}

/** The code of a system error: `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function unless<T>(code: string, value: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === code) return value
    throw error
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; its renames last without.
  if (path.sep === '\\') return
  const fd = await machineDisk.open(folder, 'r')
  try {
    await run((done) => fs.fsync(fd, done))
  } finally {
    await machineDisk.close(fd)
  }
}

// Not `recursive: true`: Node 20 never comes back from that where a parent cannot be made, as under /proc.
async function makeFolder(folder: string): Promise<void> {
  const make = () => run((done) => fs.mkdir(folder, done)).catch(unless('EEXIST', undefined))
  try {
    await make()
  } catch (error) {
    const parent = path.dirname(folder)
    if (codeOf(error) !== 'ENOENT' || parent === folder) throw error
    await makeFolder(parent)
    await make()
  }
}
