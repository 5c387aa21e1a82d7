import { type Disk, machineDisk } from '../../adapters/file/disk.ts'

/** A disk whose calls of some kinds fail while `broken` names them; failed writes leave half behind. */
export function breakableDisk(): { disk: Disk; broken: Set<keyof Disk>; calls: string[] } {
  const broken = new Set<keyof Disk>()
  const calls: string[] = []
  const guard = (name: keyof Disk) => {
    calls.push(name)
    if (broken.has(name))
      throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
  }
  const disk: Disk = {
    ...machineDisk,
    write: async (fd, bytes, position) => {
      if (broken.has('write')) {
        await machineDisk.write(fd, bytes.subarray(0, bytes.length / 2), position)
      }
      guard('write')
      await machineDisk.write(fd, bytes, position)
    },
    sync: async (fd) => {
      guard('sync')
      await machineDisk.sync(fd)
    },
    truncate: async (fd, length) => {
      guard('truncate')
      await machineDisk.truncate(fd, length)
    },
    rename: async (from, to) => {
      guard('rename')
      await machineDisk.rename(from, to)
    },
    syncFolder: async (folder) => {
      guard('syncFolder')
      await machineDisk.syncFolder(folder)
    },
  }
  return { disk, broken, calls }
}
