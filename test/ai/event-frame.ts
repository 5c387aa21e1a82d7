const encoder = new TextEncoder()

/** A message of AWS's event streams with one header of text; checksums are left zero, for none reads them. */
export function eventFrame(type: string, body: unknown, header = ':event-type'): Uint8Array {
  const name = encoder.encode(header)
  const value = encoder.encode(type)
  const data = encoder.encode(JSON.stringify(body))
  const headers = new Uint8Array(1 + name.length + 3 + value.length)
  headers[0] = name.length
  headers.set(name, 1)
  headers[1 + name.length] = 7
  new DataView(headers.buffer).setUint16(2 + name.length, value.length)
  headers.set(value, 4 + name.length)
  const length = 12 + headers.length + data.length + 4
  const frame = new Uint8Array(length)
  new DataView(frame.buffer).setUint32(0, length)
  new DataView(frame.buffer).setUint32(4, headers.length)
  frame.set(headers, 12)
  frame.set(data, 12 + headers.length)
  return frame
}

/** Several arrays as one. */
export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
