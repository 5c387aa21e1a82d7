import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Watching, type WatchOptions, watchFile } from './watch.ts'

const folders: string[] = []
const watching: Watching[] = []

afterEach(() => {
  for (const watch of watching.splice(0)) watch.stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder with a file in it. */
function folderWith(text: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-watch-'))
  folders.push(folder)
  const file = join(folder, 'kong.yaml')
  writeFileSync(file, text)
  return { folder, file }
}

/** Watches, and waits for calls: the first one is for the file as it is found. */
async function startWatch(file: string, options: Partial<WatchOptions> = {}) {
  let calls = 0
  let heard: () => void = () => undefined
  const onChange = async () => {
    calls++
    heard()
  }
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      heard = () => {
        if (calls >= count) resolve()
      }
      heard()
    })
  watching.push(watchFile(file, { onChange, quietMs: 5, ...options }))
  return { until, calls: () => calls }
}

const NEVER = { stop: () => undefined }

describe('watchFile', () => {
  it.each<[string, (place: { folder: string; file: string }) => void]>([
    ['is written to', ({ file }) => writeFileSync(file, 'b')],
    [
      'is replaced, as editors do',
      ({ folder, file }) => {
        writeFileSync(join(folder, 'new'), 'b')
        renameSync(join(folder, 'new'), file)
      },
    ],
  ])('hears at once that a file %s', async (_how, change) => {
    const place = folderWith('a')
    const { until } = await startWatch(place.file, { pollMs: 50 })
    await until(1)
    change(place)
    await until(2)
  })

  it('hears that a ConfigMap has moved on', async () => {
    const { folder } = folderWith('a')
    const release = (name: string, text: string) => {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'config.yaml'), text)
      symlinkSync(name, join(folder, 'next'))
      renameSync(join(folder, 'next'), join(folder, '..data'))
    }
    release('first', 'a')
    symlinkSync(join('..data', 'config.yaml'), join(folder, 'config.yaml'))
    const { until } = await startWatch(join(folder, 'config.yaml'), { pollMs: 50 })
    await until(1)
    release('second', 'b')
    await until(2)
  })

  it('needs no poll where the system tells', async () => {
    const { file } = folderWith('a')
    const { until } = await startWatch(file, { pollMs: 3_600_000 })
    writeFileSync(file, 'b')
    await until(1)
  })

  it('needs no telling where it polls', async () => {
    const { file } = folderWith('a')
    const { until } = await startWatch(file, { pollMs: 5, listen: () => NEVER })
    await until(1)
    writeFileSync(file, 'bb')
    await until(2)
  })

  it('looks once when told many times', async () => {
    const { file } = folderWith('a')
    let tell: () => void = () => undefined
    const listen: WatchOptions['listen'] = (_folder, changed) => {
      tell = changed
      return NEVER
    }
    const { until, calls } = await startWatch(file, { pollMs: 3_600_000, listen })
    for (let i = 0; i < 100; i++) tell()
    await until(1)
    tell()
    writeFileSync(file, 'bb')
    await until(2)
    expect(calls()).toBe(2)
  })

  it('tells once that a file is gone, and that it is back', async () => {
    const { file } = folderWith('a')
    const { until, calls } = await startWatch(file, { pollMs: 5, listen: () => NEVER })
    await until(1)
    rmSync(file)
    await until(2)
    writeFileSync(file, 'b')
    await until(3)
    expect(calls()).toBe(3)
  })
})
