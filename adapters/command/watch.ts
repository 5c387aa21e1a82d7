import { watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A watch that goes on until it is stopped. */
export interface Watching {
  stop(): void
}

/** How a file is watched. */
export interface WatchOptions {
  /** Called when it may be another one; not while the last call's promise is open. */
  readonly onChange: () => Promise<void>
  /** How long things must be quiet before a look, in ms: writing a file takes several steps. */
  readonly quietMs?: number
  /** How often it is looked at unasked, in ms: not every file system tells of changes. */
  readonly pollMs?: number
  /** Calls back on each change in a folder, where the system tells. */
  readonly listen?: (folder: string, changed: () => void) => Watching
}

/**
 * Tells when a file is another one. Its folder is listened to, since editors and ConfigMaps put a
 * new file in the place of the old one.
 */
export function watchFile(file: string, options: WatchOptions): Watching {
  const { onChange, quietMs = 100, pollMs = 2000, listen = listenTo } = options
  let seen: string | undefined
  let misses = 0
  let looking = false
  let stopped = false
  let quiet: ReturnType<typeof setTimeout> | undefined

  const look = async (polled: boolean): Promise<void> => {
    if (looking || stopped) return
    looking = true
    try {
      const mark = await markOf(file)
      // A file may be away for a moment while another takes its place.
      misses = mark === undefined && polled ? misses + 1 : mark === undefined ? misses : 0
      const other = mark === undefined ? misses === 2 : mark !== seen
      if (mark !== undefined) seen = mark
      if (other && !stopped) await onChange()
    } finally {
      looking = false
    }
  }
  const poll = setInterval(() => void look(true), pollMs)
  const listening = listen(dirname(file), () => {
    clearTimeout(quiet)
    quiet = setTimeout(() => void look(false), quietMs)
  })

  return {
    stop() {
      stopped = true
      clearInterval(poll)
      clearTimeout(quiet)
      listening.stop()
    },
  }
}

/** What tells one file from another in its place; undefined when there is none. */
async function markOf(file: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true })
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`
  } catch {
    return undefined
  }
}

/** Without the system's help the file is still looked at now and then. */
function listenTo(folder: string, changed: () => void): Watching {
  try {
    const watcher = watch(folder, changed)
    watcher.on('error', () => watcher.close())
    return { stop: () => watcher.close() }
  } catch {
    return { stop: () => undefined }
  }
}
