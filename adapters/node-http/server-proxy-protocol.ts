import type { Address } from '../../src/ports/server.ts'

/** A PROXY protocol header that stands whole at the beginning of some bytes. */
export interface ProxyHeader {
  /** Bytes it takes. */
  readonly length: number
  /** Undefined when it names nobody: a load balancer's own probe. */
  readonly client: Address | undefined
}

const LONGEST_V1 = 107
const SIGNATURE = Uint8Array.of(
  0x0d,
  0x0a,
  0x0d,
  0x0a,
  0x00,
  0x0d,
  0x0a,
  0x51,
  0x55,
  0x49,
  0x54,
  0x0a,
)
const V1 = /^PROXY (?:UNKNOWN(?: .*)?|TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5}))$/
const ADDRESS = { 4: /^[0-9.]{7,15}$/, 6: /^[0-9A-Fa-f:.]{2,45}$/ }
const V2_HEAD = 16
const MOST_V2 = 4096

/** Reads version 1 or 2: the header, `more` when bytes are missing, `none` when it is something else. */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader | 'more' | 'none' {
  if (bytes[0] === SIGNATURE[0]) return readV2(bytes)
  return readV1(bytes)
}

function readV1(bytes: Uint8Array): ProxyHeader | 'more' | 'none' {
  const text = String.fromCharCode(...bytes.subarray(0, LONGEST_V1))
  if (!text.startsWith('PROXY '.slice(0, text.length))) return 'none'
  const end = text.indexOf('\r\n')
  if (end === -1) return text.length < LONGEST_V1 ? 'more' : 'none'
  const parts = V1.exec(text.slice(0, end))
  if (parts === null) return 'none'
  const [, version, ip = '', , port = ''] = parts
  const length = end + 2
  if (version === undefined) return { length, client: undefined }
  const isAddress = version === '4' ? ADDRESS[4].test(ip) : ADDRESS[6].test(ip)
  if (!isAddress || Number(port) > 65535) return 'none'
  return { length, client: { ip, port: Number(port) } }
}

function readV2(bytes: Uint8Array): ProxyHeader | 'more' | 'none' {
  for (let i = 0; i < Math.min(bytes.length, SIGNATURE.length); i++) {
    if (bytes[i] !== SIGNATURE[i]) return 'none'
  }
  if (bytes.length < V2_HEAD) return 'more'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const command = view.getUint8(12)
  const size = view.getUint16(14)
  // Version 2, and LOCAL or PROXY.
  if (command !== 0x20 && command !== 0x21) return 'none'
  if (size > MOST_V2) return 'none'
  const length = V2_HEAD + size
  if (bytes.length < length) return 'more'
  if (command === 0x20) return { length, client: undefined }
  return { length, client: readV2Client(view, size) }
}

/** The source of a TCP connection; of any other kind nothing is said. */
function readV2Client(view: DataView, size: number): Address | undefined {
  const family = view.getUint8(13)
  if (family === 0x11 && size >= 12) {
    const octets = [0, 1, 2, 3].map((i) => view.getUint8(V2_HEAD + i))
    return { ip: octets.join('.'), port: view.getUint16(V2_HEAD + 8) }
  }
  if (family === 0x21 && size >= 36) {
    const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((i) => view.getUint16(V2_HEAD + i).toString(16))
    return { ip: groups.join(':'), port: view.getUint16(V2_HEAD + 32) }
  }
  return undefined
}
