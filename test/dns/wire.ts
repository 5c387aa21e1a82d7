import type { RecordType } from '../../src/ports/resolver.ts'

/** A record as a test writes it; `ttl` is 60 where it says nothing. */
export type ServedRecord = { readonly name?: string; readonly ttl?: number } & (
  | { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly value: string }
  | {
      readonly type: 'SRV'
      readonly value: string
      readonly port: number
      readonly priority?: number
      readonly weight?: number
    }
  | { readonly type: number; readonly bytes: Uint8Array }
)

/** What of a message a test may say; the rest is as a good server has it. */
export interface MessageParts {
  readonly id: number
  readonly name: string
  readonly type: number
  readonly code?: number
  readonly truncated?: boolean
  readonly isQuery?: boolean
  readonly noQuestion?: boolean
  readonly answers?: readonly ServedRecord[]
  readonly authority?: readonly ServedRecord[]
  readonly extra?: readonly ServedRecord[]
}

const NUMBERS: Readonly<Record<RecordType, number>> = { A: 1, CNAME: 5, AAAA: 28, SRV: 33 }

/** The type a number stands for. */
export function typeOf(number: number): RecordType | undefined {
  const types: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'SRV']
  return types.find((type) => NUMBERS[type] === number)
}

/** Writes an answer, with names repeated by pointers as servers do. */
export function encodeMessage(parts: MessageParts): Uint8Array {
  const { answers = [], authority = [], extra = [] } = parts
  const out = new Writer()
  const truncated = parts.truncated === true ? 0x02 : 0
  out.two(parts.id)
  out.bytes([(parts.isQuery === true ? 0 : 0x80) | 0x01 | truncated, 0x80 | (parts.code ?? 0)])
  out.two(parts.noQuestion === true ? 0 : 1)
  for (const { length } of [answers, authority, extra]) out.two(length)
  if (parts.noQuestion !== true) {
    out.name(parts.name)
    out.two(parts.type)
    out.two(1)
  }
  for (const record of [...answers, ...authority, ...extra]) out.record(record, parts.name)
  return Uint8Array.from(out.written)
}

/** Reads what is asked. */
export function readQuery(bytes: Uint8Array): { id: number; name: string; type: number } {
  const labels: string[] = []
  let at = 12
  for (;;) {
    const length = bytes[at] ?? 0
    if (length === 0) break
    labels.push(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)))
    at += length + 1
  }
  const two = (i: number) => ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)
  return { id: two(0), name: labels.join('.'), type: two(at + 1) }
}

class Writer {
  readonly written: number[] = []
  readonly #places = new Map<string, number>()

  bytes(bytes: Iterable<number>): void {
    this.written.push(...bytes)
  }

  two(value: number): void {
    this.bytes([value >> 8, value & 255])
  }

  name(name: string): void {
    const known = this.#places.get(name)
    if (known !== undefined) {
      this.two(0xc000 | known)
      return
    }
    if (name === '') {
      this.bytes([0])
      return
    }
    if (this.written.length < 0x3fff) this.#places.set(name, this.written.length)
    const [label = '', ...rest] = name.split('.')
    this.bytes([label.length, ...Buffer.from(label, 'latin1')])
    this.name(rest.join('.'))
  }

  record(record: ServedRecord, asked: string): void {
    this.name(record.name ?? asked)
    this.two(typeof record.type === 'number' ? record.type : NUMBERS[record.type])
    this.two(1)
    const ttl = record.ttl ?? 60
    this.two(Math.floor(ttl / 65_536))
    this.two(ttl % 65_536)
    const length = this.written.length
    this.two(0)
    this.#content(record)
    const size = this.written.length - length - 2
    this.written.splice(length, 2, size >> 8, size & 255)
  }

  #content(record: ServedRecord): void {
    if ('bytes' in record) this.bytes(record.bytes)
    else if (record.type === 'A') this.bytes(record.value.split('.').map(Number))
    else if (record.type === 'AAAA') {
      for (const group of record.value.split(':')) this.two(Number.parseInt(group, 16))
    } else if (!('port' in record)) this.name(record.value)
    else {
      this.two(record.priority ?? 0)
      this.two(record.weight ?? 0)
      this.two(record.port)
      this.name(record.value)
    }
  }
}
