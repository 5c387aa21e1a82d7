import path from 'node:path'
import { codeOf, type Disk } from './disk.ts'
import { type Lock, takeLock } from './lock.ts'
import { type Log, type LogOptions, openLog } from './log.ts'

/** An open log, and how to let go of it. */
export interface OpenLog {
  readonly log: Log
  release(): Promise<void>
}

/** Opens `<name>.log` in a folder, made if need be, as its only writer. */
export async function openIn(
  folder: string,
  { name, ...options }: { readonly name: string } & Omit<LogOptions, 'file' | 'lock'>,
): Promise<OpenLog> {
  const lock = await lockIn(options.disk, folder, name)
  try {
    const log = await openLog({ ...options, file: path.join(folder, `${name}.log`), lock })
    return {
      log,
      release: async () => {
        await log.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Takes the lock of a name in a folder, made if need be. */
export async function lockIn(disk: Disk, folder: string, name: string): Promise<Lock> {
  try {
    await disk.makeFolder(folder)
    return await takeLock(disk, path.join(folder, `${name}.lock`))
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    throw new Error(`Cannot write to the folder "${folder}": ${codeOf(error)}`, { cause: error })
  }
}
