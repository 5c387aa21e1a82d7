/** Bytes that came and are not read yet. */
export interface RespInput {
  add(bytes: Uint8Array): void
  /** The next line without its end; undefined until it is there. */
  takeLine(most: number): string | 'too long' | undefined
  /** So many bytes, and the line end behind them; good until bytes are added. */
  takeText(length: number): Uint8Array | 'unended' | undefined
}

const CR = 13
const LF = 10

// A byte order mark is a byte like others here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

interface Kept {
  buffer: Uint8Array
  start: number
  end: number
  /** How far there is no line end. */
  searched: number
  /** What was handed in is not written to. */
  own: boolean
}

/** Keeps each byte once, whatever the pieces: a long reply in small ones costs no more than its length. */
export function createRespInput(): RespInput {
  const kept: Kept = { buffer: new Uint8Array(0), start: 0, end: 0, searched: 0, own: false }
  return {
    add: (bytes) => add(kept, bytes),
    takeLine: (most) => takeLine(kept, most),
    takeText: (length) => takeText(kept, length),
  }
}

function add(kept: Kept, bytes: Uint8Array): void {
  const { buffer, start, end, searched, own } = kept
  const waiting = end - start
  if (waiting === 0) {
    Object.assign(kept, { buffer: bytes, start: 0, end: bytes.length, searched: 0, own: false })
    return
  }
  if (!own || end + bytes.length > buffer.length) {
    const larger = new Uint8Array(2 * (waiting + bytes.length))
    larger.set(buffer.subarray(start, end))
    const moved = { start: 0, end: waiting, searched: searched - start, own: true }
    Object.assign(kept, { buffer: larger, ...moved })
  }
  kept.buffer.set(bytes, kept.end)
  kept.end += bytes.length
}

function takeLine(kept: Kept, most: number): string | 'too long' | undefined {
  const { buffer, start, end, searched } = kept
  const found = buffer.subarray(searched, end).indexOf(LF)
  const at = found === -1 ? end : searched + found
  // The byte before is the line end's first, or may be.
  if (at - 1 - start > most) return 'too long'
  if (found === -1) {
    kept.searched = end
    return undefined
  }
  if (at > start && buffer[at - 1] === CR) return decoder.decode(take(kept, at - 1))
  // Without its first byte the line end is the line's.
  kept.start = at
  return '\n'
}

function takeText(kept: Kept, length: number): Uint8Array | 'unended' | undefined {
  const { buffer, start, end } = kept
  const until = start + length
  if (end < until + 2) return undefined
  if (buffer[until] !== CR || buffer[until + 1] !== LF) return 'unended'
  return take(kept, until)
}

/** The bytes before a line end, which goes along. */
function take(kept: Kept, until: number): Uint8Array {
  const taken = kept.buffer.subarray(kept.start, until)
  kept.start = until + 2
  kept.searched = kept.start
  return taken
}
