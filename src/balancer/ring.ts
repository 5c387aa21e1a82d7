import { xxHash32 } from '../lib/xxhash32.ts'
import type { Peer } from './algorithm.ts'

/** A circle of points; some of them belong to peers. */
export interface Ring {
  /** By point: a peer's place among those the ring was built of, or NOBODY. */
  readonly points: Uint16Array
  /** The peers by place. */
  readonly peers: readonly Peer[]
}

/** How large a ring is, and how much of it a peer gets. */
export interface RingOptions {
  readonly slots: number
  readonly targetCount: number
}

/** The place at a point that is nobody's. */
export const NOBODY = 0xffff

const LEAST_POINTS = 1000

/** Kong: what a target of average weight gets. */
const ENTRIES = 160

/** How full a ring is when Kong's numbers do not fit in it: beyond, free points are long in finding. */
const FULL = 0.9

/** Builds Kong's ring: the same of the same peers in any order, so that all nodes agree. */
export function buildRing(peers: readonly Peer[], { slots, targetCount }: RingOptions): Ring {
  const sorted = [...peers].sort(byNameAndPort).slice(0, NOBODY)
  const size = sizeOf(slots, sorted.length)
  const points = new Uint16Array(size).fill(NOBODY)
  const entries = entriesOf(sorted, size, targetCount)
  for (const [place, label] of labelsOf(sorted).entries()) {
    claim(points, { label, place, entries: entries[place] ?? 1 })
  }
  return { points, peers: sorted }
}

/** The point a text falls on; it has one char per byte. */
export function pointOf(text: string, size: number): number {
  // Written first: a long text makes a new scratch.
  const length = write(text)
  return xxHash32(scratch, length) % size
}

function byNameAndPort(a: Peer, b: Peer): number {
  if (a.host !== b.host) return a.host < b.host ? -1 : 1
  const [nameOfA, nameOfB] = [a.recordName ?? a.address, b.recordName ?? b.address]
  if (nameOfA !== nameOfB) return nameOfA < nameOfB ? -1 : 1
  if (a.address !== b.address) return a.address < b.address ? -1 : 1
  return a.port - b.port
}

/** A ring with more peers than points would leave some out for ever. */
function sizeOf(slots: number, peers: number): number {
  let size = Math.max(slots, LEAST_POINTS)
  while (size < 2 * peers) size *= 2
  return size
}

/**
 * Kong gives up when the entries do not fit, from about 62 targets on with 10,000 slots; here all of
 * them get less. Multiplied in Kong's order, for 49 / 49 is not always 1 in between.
 */
function entriesOf(peers: readonly Peer[], size: number, targetCount: number): number[] {
  const total = peers.reduce((sum, { weight }) => sum + weight, 0)
  const wanted = peers.map(({ weight }) =>
    Math.max(1, Math.floor((weight / total) * targetCount * ENTRIES)),
  )
  const sum = wanted.reduce((all, count) => all + count, 0)
  if (sum <= size) return wanted
  return wanted.map((count) => Math.max(1, Math.floor((count * size * FULL) / sum)))
}

/**
 * What each peer's points are told from. Kong has what an SRV record names on the ring by that name,
 * so that its keys stay when its address changes; of several addresses one alone can have that place.
 */
function labelsOf(peers: readonly Peer[]): string[] {
  const taken = new Set<string>()
  return peers.map(({ recordName, address, port, targetId }) => {
    const own = `${address.includes(':') ? `[${address}]` : address}::${port} `
    const named = `${recordName}::${port} `
    if (recordName === undefined || taken.has(`${named}${targetId}`)) return own
    taken.add(`${named}${targetId}`)
    return named
  })
}

/** Kong: a point that is taken already moves the problem on, one more entry is tried. */
function claim(
  points: Uint16Array,
  { label, place, entries }: { label: string; place: number; entries: number },
): void {
  const length = write(label)
  const most = points.length
  let left = entries
  for (let i = 1; left > 0 && i <= most; i++) {
    const point = xxHash32(scratch, writeNumber(i, length)) % most
    if (points[point] !== NOBODY) continue
    points[point] = place
    left--
  }
}

let scratch = new Uint8Array(256)

/** Puts a text's bytes at the start of `scratch`; gives their number. */
function write(text: string): number {
  const { length } = text
  if (length + 16 > scratch.length) scratch = new Uint8Array(2 * length + 16)
  for (let i = 0; i < length; i++) scratch[i] = text.charCodeAt(i)
  return length
}

/** Puts a number's digits after the first `at` bytes of `scratch`; gives the end. */
function writeNumber(value: number, at: number): number {
  let end = at
  for (let rest = value; rest > 0; rest = Math.floor(rest / 10)) end++
  let rest = value
  for (let i = end - 1; i >= at; i--) {
    scratch[i] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return end
}
