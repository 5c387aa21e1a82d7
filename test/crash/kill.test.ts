import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFileStore } from '../../adapters/file/store.ts'
import type { Json } from '../../src/ports/store.ts'

const KILLS = 8

const here = path.dirname(new URL(import.meta.url).pathname)
const root = path.join(here, '../..')
let work = ''

// A Node that cannot strip types needs the writer as JavaScript.
beforeAll(() => {
  work = fs.mkdtempSync(path.join(os.tmpdir(), 'gibbon-kill-'))
  fs.writeFileSync(path.join(work, 'package.json'), '{"type":"module"}')
  const project = {
    extends: path.join(root, 'tsconfig.build.json'),
    compilerOptions: {
      outDir: path.join(work, 'dist'),
      rootDir: root,
      declaration: false,
      typeRoots: [path.join(root, 'node_modules/@types')],
    },
    files: [path.join(here, 'writer.ts')],
    include: [],
  }
  fs.writeFileSync(path.join(work, 'tsconfig.json'), JSON.stringify(project))
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', path.join(work, 'tsconfig.json')])
})
afterAll(() => fs.rmSync(work, { recursive: true, force: true }))

/** Runs the writer until it has acknowledged `count` commits, and kills it a moment later. */
function writeAndKill(folder: string, { from, count }: { from: number; count: number }) {
  const program = path.join(work, 'dist/test/crash/writer.js')
  const child = spawn(process.execPath, [program, folder, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
    if (text.split('\n').length > count) child.kill('SIGKILL')
  })
  return new Promise<number>((resolve, reject) => {
    child.on('close', (_, signal) => {
      const acknowledged = text.slice(0, text.lastIndexOf('\n')).split('\n').map(Number)
      if (signal === 'SIGKILL') resolve(Math.max(...acknowledged))
      else reject(new Error('The writer ended by itself'))
    })
  })
}

/** What the store must hold after commits 0 to n. */
function expected(n: number): Map<string, number> {
  const pairs = new Map<string, number>()
  for (let i = 0; i <= n; i++) {
    pairs.set(`left:${i}`, i).set(`right:${i}`, i)
    if (i % 3 !== 0) continue
    pairs.delete(`left:${i - 300}`)
    pairs.delete(`right:${i - 300}`)
  }
  return pairs.set('last:1', n)
}

function numberIn(value: Json): unknown {
  return typeof value === 'object' ? Reflect.get(Object(value), 'n') : value
}

it('loses nothing acknowledged and keeps nothing by halves when it is killed', async () => {
  const folder = path.join(work, 'data')
  let from = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const count = 1 + Math.floor(Math.random() * 400)
    const acknowledged = await writeAndKill(folder, { from, count })

    const store = await openFileStore(folder)
    const { revision, entries } = await store.load()
    await store.close()
    const last = revision - 1
    expect(last).toBeGreaterThanOrEqual(acknowledged)
    const found = new Map(entries.map(({ key, value }) => [key, numberIn(value)]))
    expect(found).toEqual(expected(last))
    from = last + 1
  }
  expect(fs.readdirSync(folder)).toEqual(['store.log'])
}, 60_000)
