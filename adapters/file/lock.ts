import fs from 'node:fs'
import os from 'node:os'
import process from 'node:process'
import { codeOf, type Disk } from './disk.ts'

/** A folder's single writer, told apart by a file. */
export interface Lock {
  /** The holder before us went without releasing it: it crashed, or it is out of our sight. */
  readonly inherited: boolean
  /** Rejects once another process has taken the lock. */
  check(): Promise<void>
  release(): Promise<void>
}

interface Holder {
  readonly pid: number
  readonly host: string
  /** When the process started, in the kernel's own ticks: a pid alone may have been given anew. */
  readonly start: string
  readonly token: string
}

const ATTEMPTS = 5

/** The tokens this very process holds, for systems that do not tell when a process started. */
const ours = new Set<string>()

/** Takes the lock, from a dead process if need be; rejects while a live one holds it. */
export async function takeLock(disk: Disk, file: string): Promise<Lock> {
  const token = crypto.randomUUID()
  const text = JSON.stringify({
    pid: process.pid,
    host: os.hostname(),
    start: startOf(process.pid) ?? '',
    token,
  } satisfies Holder)
  const draft = `${file}.${token}`

  try {
    await writeFile(disk, draft, text)
    const inherited = await claim(disk, file, draft)
    ours.add(token)
    return lockOf(disk, file, { text, token, inherited })
  } finally {
    await disk.remove(draft)
  }
}

function lockOf(
  disk: Disk,
  file: string,
  { text, token, inherited }: { text: string; token: string; inherited: boolean },
): Lock {
  const mine = async () => (await readText(disk, file)) === text
  return {
    inherited,
    check: async () => {
      if (!(await mine())) throw new Error(`Another process has taken "${file}"`)
    },
    release: async () => {
      ours.delete(token)
      if (await mine()) await disk.remove(file)
    },
  }
}

/** Names the draft as the lock; tells whether a stale lock was in the way. */
async function claim(disk: Disk, file: string, draft: string): Promise<boolean> {
  let inherited = false
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await disk.link(draft, file)) return inherited
    const seen = await readText(disk, file)
    if (seen === undefined) continue
    const holder = holderIn(seen)
    if (holder !== undefined && lives(holder)) {
      throw new Error(
        `Cannot open "${file}": process ${holder.pid} uses it already; choose another folder with data_dir`,
      )
    }
    inherited = true
    await setAside(disk, file, { seen, aside: `${draft}.stale` })
  }
  throw new Error(`Cannot open "${file}": other processes are after it too`)
}

/** Removes a stale lock, and only that one: a newer lock caught by mistake goes back. */
async function setAside(
  disk: Disk,
  file: string,
  { seen, aside }: { seen: string; aside: string },
): Promise<void> {
  try {
    await disk.rename(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if ((await readText(disk, aside)) !== seen) await disk.link(aside, file)
  await disk.remove(aside)
}

function lives({ pid, host, start, token }: Holder): boolean {
  // Another host's pids say nothing here. Its process, if it lives, finds its lock gone at its next write.
  if (host !== os.hostname()) return false
  const known = startOf(pid)
  if (known !== undefined && start !== '') return known === start
  if (pid === process.pid) return ours.has(token)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

/** Field 22 of Linux' stat line; the name before it is in parentheses and may hold spaces. */
function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, host, start, token } = Object(JSON.parse(text))
    const known = Number.isInteger(pid) && [host, start, token].every((x) => typeof x === 'string')
    return known ? { pid, host, start, token } : undefined
  } catch {
    return undefined
  }
}

async function readText(disk: Disk, file: string): Promise<string | undefined> {
  const bytes = await disk.read(file)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}

async function writeFile(disk: Disk, file: string, text: string): Promise<void> {
  const fd = await disk.open(file, 'wx')
  try {
    await disk.write(fd, new TextEncoder().encode(text), 0)
  } finally {
    await disk.close(fd)
  }
}
