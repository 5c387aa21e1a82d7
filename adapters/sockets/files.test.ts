import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Files } from '../../src/ports/files.ts'
import { createNodeFiles } from './files.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
let folder = ''
let files: Files
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gibbon-files-'))
  files = createNodeFiles()
})
afterEach(async () => {
  await files.close()
  rmSync(folder, { recursive: true })
})
const at = (name: string): string => join(folder, name)
const textOf = (name: string): string => readFileSync(at(name), 'utf8')

it('adds to a file in the order it was asked to, and makes it', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `line ${i}\n`)
  await Promise.all(lines.map((line) => files.append(at('log'), bytes(line))))
  await files.append(at('log'), bytes('last\n'))
  expect(textOf('log')).toBe(`${lines.join('')}last\n`)
  expect(statSync(at('log')).mode & 0o777).toBe(0o644)
  expect(new TextDecoder().decode(await files.read(at('log')))).toBe(textOf('log'))
})

it('writes on to a file that was moved away, until it is to open it anew', async () => {
  await files.append(at('log'), bytes('a'))
  renameSync(at('log'), at('old'))
  await files.append(at('log'), bytes('b'))
  await files.append(at('log'), bytes('c'), { reopen: true })
  await files.append(at('log'), bytes('d'))
  expect([textOf('old'), textOf('log')]).toEqual(['ab', 'cd'])
})

it('says why a file cannot be written, and tries again', async () => {
  const path = at('none/log')
  await expect(files.append(path, bytes('a'))).rejects.toMatchObject({
    name: 'FileError',
    code: 'ENOENT',
  })
  mkdirSync(at('none'))
  await files.append(path, bytes('b'))
  expect(textOf('none/log')).toBe('b')
  await expect(files.read(at('other'))).rejects.toMatchObject({ code: 'ENOENT' })
})

it('refuses more than may wait for one file, and takes it again later', async () => {
  const small = createNodeFiles({ maxWaiting: 10 })
  // The first is taken however long: it waits for nobody.
  const first = small.append(at('log'), bytes('x'.repeat(20)))
  await expect(small.append(at('log'), bytes('y'))).rejects.toMatchObject({ code: 'BUSY' })
  await small.append(at('other'), bytes('z'))
  await first
  await small.append(at('log'), bytes('y'))
  await small.close()
  expect([textOf('log').length, textOf('other')]).toEqual([21, 'z'])
})

it('keeps few files open, whichever they are', async () => {
  const few = createNodeFiles({ maxOpen: 2 })
  const names = ['a', 'b', 'c', 'd', 'a', 'b']
  for (const name of names) await few.append(at(name), bytes(name))
  await Promise.all(names.map((name) => few.append(at(name), bytes(name))))
  const held = execFileSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' })
  expect(held.split('\n').filter((line) => line.includes(folder)).length).toBeLessThanOrEqual(2)
  await few.close()
  expect(['a', 'b', 'c', 'd'].map(textOf)).toEqual(['aaaa', 'bbbb', 'cc', 'dd'])
})

it('writes what waits before it closes, and nothing after', async () => {
  const last = files.append(at('log'), bytes('a'))
  await files.close()
  await last
  expect(textOf('log')).toBe('a')
  await expect(files.append(at('log'), bytes('b'))).rejects.toMatchObject({ code: 'CLOSED' })
})
