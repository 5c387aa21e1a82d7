import path from 'node:path'
import type { Disk } from './disk.ts'
import { encodeLine, encodeLines, readLines } from './lines.ts'
import type { Lock } from './lock.ts'

/** The live data as a log would tell it anew: `head` for the first line, one record a line after it. */
export interface Digest {
  readonly head: Readonly<Record<string, unknown>>
  readonly records: readonly unknown[]
}

export interface LogOptions {
  readonly file: string
  readonly disk: Disk
  readonly lock: Lock
  /** Appends last before they are acknowledged. */
  readonly durable: boolean
  /** Takes what comes before a damaged line, where a loss is better than no start. */
  readonly salvage: boolean
  /** Takes in the first line's head, then one record after another. */
  readonly read: (head: Readonly<Record<string, unknown>>, records: readonly unknown[]) => void
  readonly digest: () => Digest
}

/** A file that only grows, until it is written anew. One call at a time. */
export interface Log {
  /** Appends one line, all of it or nothing; works again after a failure as soon as the disk does. */
  append(record: unknown): Promise<void>
  /** Writes the file anew. */
  rewrite(): Promise<void>
  /** Writes the file anew when it has outgrown its live data; a failure leaves all as it was. */
  compact(): Promise<void>
  close(): Promise<void>
}

interface State {
  fd: number
  /** Where the last acknowledged line ends. */
  end: number
  /** Bytes may lie behind `end`, of an append that failed. */
  torn: boolean
  /** The file's name may not last yet. */
  renamed: boolean
  /** The length from which on the file is worth writing anew. */
  limit: number
}

interface Head extends Readonly<Record<string, unknown>> {
  readonly lines: number
  readonly bytes: string
}

const FORMAT = 1
const SLACK = 1 << 20
const LINES_A_WRITE = 8
const DIGITS = 15

/** Opens a log, or begins one. */
export async function openLog(options: LogOptions): Promise<Log> {
  const state: State = { fd: -1, end: 0, torn: false, renamed: false, limit: 0 }
  await start(options, state)
  return {
    append: (record) => append(options, state, record),
    rewrite: () => rewrite(options, state),
    compact: async () => {
      if (state.end < state.limit || (await tries(() => rewrite(options, state)))) return
      state.limit = state.end + SLACK
    },
    close: () => options.disk.close(state.fd),
  }
}

async function start(options: LogOptions, state: State): Promise<void> {
  const bytes = await options.disk.read(options.file)
  const kept = bytes === undefined ? undefined : readBack(options, bytes)
  if (kept === undefined) return rewrite(options, state)
  // Whoever held the lock before may live on out of our sight and write to the old file: ours is a new one.
  if (options.lock.inherited && (await tries(() => rewrite(options, state)))) return
  state.fd = await options.disk.open(options.file, 'r+')
  state.end = kept.end
  state.limit = limitOf(kept.live)
  state.torn = true
}

/** Hands what is good to the reader; undefined when the file is to be written anew. */
function readBack(
  { file, salvage, read }: LogOptions,
  bytes: Uint8Array,
): { end: number; live: number } | undefined {
  const { records, end, damaged } = readLines(bytes)
  const [first, ...rest] = records
  const head = headOf(first)
  const whole = head !== undefined && rest.length >= head.lines && damaged === undefined
  if (!whole && !salvage) {
    const line = damaged ?? (head === undefined ? 1 : records.length + 1)
    throw new Error(
      `Cannot read "${file}": line ${line} is damaged; put back a copy of the file, or move it away`,
    )
  }
  if (head !== undefined) read(head, rest)
  return whole ? { end, live: Number(head.bytes) } : undefined
}

/** The first line says how many were written with it: a file with fewer was cut. */
function headOf(record: unknown): Head | undefined {
  const { format, lines, bytes, ...rest } = Object(record)
  if (format !== FORMAT || !Number.isInteger(lines) || typeof bytes !== 'string') return undefined
  return { ...rest, lines, bytes }
}

async function append(
  { disk, lock, file, durable }: LogOptions,
  state: State,
  record: unknown,
): Promise<void> {
  const line = encodeLine(JSON.stringify(record))
  if (state.torn) {
    await lock.check()
    await disk.truncate(state.fd, state.end)
  }
  if (state.renamed) await disk.syncFolder(path.dirname(file))
  state.renamed = false
  state.torn = true
  await disk.write(state.fd, line, state.end)
  if (durable) await disk.sync(state.fd)
  // After the write: who took the lock before this may not have read the line, so it must not count.
  await lock.check()
  state.end += line.length
  state.torn = false
}

/** Writes the live data to a new file and gives it the old one's name. */
async function rewrite(options: LogOptions, state: State): Promise<void> {
  const { disk, file, lock } = options
  const draft = `${file}.new`
  const fd = await disk.open(draft, 'w')
  let written: { live: number; end: number }
  try {
    written = await writeDigest(options, fd)
    await disk.sync(fd)
    await lock.check()
    await disk.rename(draft, file)
  } catch (error) {
    await tries(() => disk.close(fd))
    await tries(() => disk.remove(draft))
    throw error
  }
  if (state.fd !== -1) await tries(() => disk.close(state.fd))
  state.fd = fd
  state.end = written.end
  state.limit = limitOf(written.live)
  state.torn = false
  // Should this fail, no append is acknowledged before it has worked.
  state.renamed = !(await tries(() => disk.syncFolder(path.dirname(file))))
}

/** Piece by piece, so that nobody waits long for the processor; the head, fixed in length, comes last. */
async function writeDigest(
  { disk, digest }: LogOptions,
  fd: number,
): Promise<{ live: number; end: number }> {
  const { head, records } = digest()
  const headLine = (live: number) => {
    const bytes = String(live).padStart(DIGITS, '0')
    return encodeLine(JSON.stringify({ format: FORMAT, lines: records.length, bytes, ...head }))
  }
  let end = headLine(0).length
  const start = end
  for (let at = 0; at < records.length; at += LINES_A_WRITE) {
    const lines = records.slice(at, at + LINES_A_WRITE).map((record) => JSON.stringify(record))
    const bytes = encodeLines(lines)
    await disk.write(fd, bytes, end)
    end += bytes.length
  }
  await disk.write(fd, headLine(end - start), 0)
  return { live: end - start, end }
}

function limitOf(live: number): number {
  return 2 * live + SLACK
}

async function tries(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch {
    return false
  }
}
