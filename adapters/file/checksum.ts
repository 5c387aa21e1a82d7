const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The CRC-32 of `bytes` from `start` to `end`, as in zip files. */
export function checksum(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let sum = 0xffffffff
  for (let at = start; at < end; at++) {
    // Both indexes are in range by construction: a byte of the array, and eight bits.
    sum = (TABLE[(sum ^ (bytes[at] as number)) & 0xff] as number) ^ (sum >>> 8)
  }
  return (sum ^ 0xffffffff) >>> 0
}
