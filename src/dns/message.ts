import type { NameRecord, RecordType } from '../ports/resolver.ts'
import { decodeName, encodeName } from './wire-name.ts'

/** What is asked, under a number that the answer must repeat. */
export interface Query {
  /** 0 to 65535. */
  readonly id: number
  readonly name: string
  readonly type: RecordType
}

/** What of a message is looked at. */
export interface Message {
  readonly id: number
  readonly isResponse: boolean
  /** The rest did not fit; its records are left unread. */
  readonly truncated: boolean
  readonly code: number
  /** Undefined unless there is exactly one. */
  readonly question: { readonly name: string; readonly type: number } | undefined
  readonly answers: readonly NameRecord[]
  readonly extra: readonly NameRecord[]
}

const HEAD = 12
const CLASS_IN = 1
const RECURSION_DESIRED = 0x01
const RESPONSE = 0x80
const OPCODE = 0x78
const TRUNCATED = 0x02

/** The number of each type on the wire. */
export const TYPE_NUMBERS: Readonly<Record<RecordType, number>> = {
  A: 1,
  CNAME: 5,
  AAAA: 28,
  SRV: 33,
}

/** Writes a query; undefined when nothing can be so named. */
export function encodeQuery({ id, name, type }: Query): Uint8Array | undefined {
  const encoded = encodeName(name)
  if (encoded === undefined) return undefined
  const bytes = new Uint8Array(HEAD + encoded.length + 4)
  const view = viewOf(bytes)
  view.setUint16(0, id)
  bytes[2] = RECURSION_DESIRED
  view.setUint16(4, 1)
  bytes.set(encoded, HEAD)
  view.setUint16(HEAD + encoded.length, TYPE_NUMBERS[type])
  view.setUint16(HEAD + encoded.length + 2, CLASS_IN)
  return bytes
}

/** Reads a message, whoever sent it; undefined when it is broken. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  if (bytes.length < HEAD) return undefined
  const view = viewOf(bytes)
  const flags = view.getUint8(2)
  const head = {
    id: view.getUint16(0),
    isResponse: (flags & RESPONSE) !== 0 && (flags & OPCODE) === 0,
    truncated: (flags & TRUNCATED) !== 0,
    code: view.getUint8(3) & 15,
  }
  const asked = readQuestions(bytes, view)
  if (asked === undefined) return undefined
  const { question } = asked
  if (head.truncated) return { ...head, question, answers: [], extra: [] }

  const answers = readRecords(bytes, { at: asked.next, count: view.getUint16(6) })
  if (answers === undefined) return undefined
  const authority = skipRecords(bytes, { at: answers.next, count: view.getUint16(8) })
  if (authority === undefined) return undefined
  const extra = readRecords(bytes, { at: authority, count: view.getUint16(10) })
  if (extra === undefined) return undefined
  return { ...head, question, answers: answers.records, extra: extra.records }
}

function readQuestions(
  bytes: Uint8Array,
  view: DataView,
): { question: Message['question']; next: number } | undefined {
  const count = view.getUint16(4)
  let question: Message['question']
  let at = HEAD
  for (let i = 0; i < count; i++) {
    const read = decodeName(bytes, at)
    if (read === undefined || read.next + 4 > bytes.length) return undefined
    const ofIn = view.getUint16(read.next + 2) === CLASS_IN
    if (ofIn && count === 1) question = { name: read.name, type: view.getUint16(read.next) }
    at = read.next + 4
  }
  return { question, next: at }
}

interface Section {
  readonly at: number
  readonly count: number
}

interface RawRecord {
  readonly name: string
  readonly type: number
  readonly ofIn: boolean
  readonly ttl: number
  /** Where its content begins and ends. */
  readonly from: number
  readonly to: number
}

function readRecords(
  bytes: Uint8Array,
  { at, count }: Section,
): { records: NameRecord[]; next: number } | undefined {
  const records: NameRecord[] = []
  let next = at
  for (let i = 0; i < count; i++) {
    const raw = readRaw(bytes, next)
    if (raw === undefined) return undefined
    const read = raw.ofIn ? READERS.get(raw.type) : undefined
    if (read !== undefined) {
      const record = read(bytes, raw)
      if (record === undefined) return undefined
      records.push(record)
    }
    next = raw.to
  }
  return { records, next }
}

function skipRecords(bytes: Uint8Array, { at, count }: Section): number | undefined {
  let next = at
  for (let i = 0; i < count; i++) {
    const raw = readRaw(bytes, next)
    if (raw === undefined) return undefined
    next = raw.to
  }
  return next
}

function readRaw(bytes: Uint8Array, at: number): RawRecord | undefined {
  const read = decodeName(bytes, at)
  if (read === undefined || read.next + 10 > bytes.length) return undefined
  const view = viewOf(bytes)
  const { name, next } = read
  const from = next + 10
  const to = from + view.getUint16(next + 8)
  if (to > bytes.length) return undefined
  const ofIn = view.getUint16(next + 2) === CLASS_IN
  const ttl = view.getUint32(next + 4)
  // RFC 2181: with the highest bit set it counts as 0.
  return {
    name,
    type: view.getUint16(next),
    ofIn,
    ttl: ttl > 0x7fffffff ? 0 : ttl,
    from,
    to,
  }
}

type ReadRecord = (bytes: Uint8Array, raw: RawRecord) => NameRecord | undefined

const readA: ReadRecord = (bytes, { name, ttl, from, to }) => {
  if (to - from !== 4) return undefined
  return { type: 'A', name, ttl, address: bytes.subarray(from, to).join('.') }
}

const readAaaa: ReadRecord = (bytes, { name, ttl, from, to }) => {
  if (to - from !== 16) return undefined
  const view = viewOf(bytes)
  const groups = Array.from({ length: 8 }, (_, i) =>
    view
      .getUint16(from + 2 * i)
      .toString(16)
      .padStart(4, '0'),
  )
  return { type: 'AAAA', name, ttl, address: groups.join(':') }
}

const readCname: ReadRecord = (bytes, { name, ttl, from, to }) => {
  const target = decodeName(bytes, from)
  if (target?.next !== to) return undefined
  return { type: 'CNAME', name, ttl, target: target.name }
}

const readSrv: ReadRecord = (bytes, { name, ttl, from, to }) => {
  const target = to - from < 7 ? undefined : decodeName(bytes, from + 6)
  if (target?.next !== to) return undefined
  const view = viewOf(bytes)
  return {
    type: 'SRV',
    name,
    ttl,
    priority: view.getUint16(from),
    weight: view.getUint16(from + 2),
    port: view.getUint16(from + 4),
    target: target.name,
  }
}

const READERS: ReadonlyMap<number, ReadRecord> = new Map([
  [TYPE_NUMBERS.A, readA],
  [TYPE_NUMBERS.AAAA, readAaaa],
  [TYPE_NUMBERS.CNAME, readCname],
  [TYPE_NUMBERS.SRV, readSrv],
])

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
