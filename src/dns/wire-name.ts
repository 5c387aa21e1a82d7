/** A name read from a message, and where what follows begins. */
export interface ReadName {
  readonly name: string
  readonly next: number
}

const MOST_BYTES = 255
const MOST_LABEL_BYTES = 63
const MOST_JUMPS = 32
const POINTER = 0xc0

/** Writes a name as labels; undefined when no name can be so. */
export function encodeName(name: string): Uint8Array | undefined {
  const text = name.endsWith('.') ? name.slice(0, -1) : name
  // Its labels' lengths and the last zero take two bytes more.
  if (text === '' || text.length + 2 > MOST_BYTES) return undefined
  const bytes = new Uint8Array(text.length + 2)
  let at = 0
  for (const label of text.split('.')) {
    if (label === '' || label.length > MOST_LABEL_BYTES) return undefined
    bytes[at++] = label.length
    for (let i = 0; i < label.length; i++) {
      const code = label.charCodeAt(i)
      if (!isPlain(code)) return undefined
      bytes[at++] = code
    }
  }
  return bytes
}

/** Reads the name at a place in a message; undefined when there is none, or no end to it. */
export function decodeName(bytes: Uint8Array, start: number): ReadName | undefined {
  const labels: string[] = []
  let at = start
  let next: number | undefined
  let size = 1
  let jumps = 0
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return undefined
    if (length === 0) return { name: labels.join('.'), next: next ?? at + 1 }

    if (length >= POINTER) {
      const low = bytes[at + 1]
      if (low === undefined || ++jumps > MOST_JUMPS) return undefined
      next ??= at + 2
      const target = ((length & ~POINTER) << 8) | low
      // Only backwards, so that no chain of pointers can close.
      if (target >= at) return undefined
      at = target
      continue
    }

    size += length + 1
    const end = at + 1 + length
    if (length > MOST_LABEL_BYTES || size > MOST_BYTES || end > bytes.length) return undefined
    labels.push(labelOf(bytes.subarray(at + 1, end)))
    at = end
  }
}

/** Lower case; what cannot stand in a name is escaped, and so equals no name that was asked for. */
function labelOf(bytes: Uint8Array): string {
  let label = ''
  for (const byte of bytes) {
    label += isPlain(byte) ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`
  }
  return label.toLowerCase()
}

/** Printable ASCII without the dot and the backslash. */
function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f && code !== 0x2e && code !== 0x5c
}
