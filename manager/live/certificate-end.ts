/** When a certificate ends, in ms since 1970; undefined for what is none. */
export function endOf(pem: string): number | undefined {
  const body = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END/.exec(pem)?.[1]
  if (body === undefined) return undefined
  try {
    const text = atob(body.replaceAll(/\s/g, ''))
    return endIn(Uint8Array.from(text, (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/** A value of DER: its tag, where its content begins and where it ends. */
interface Item {
  readonly tag: number
  readonly start: number
  readonly end: number
}

const SEQUENCE = 0x30
const VERSION = 0xa0
const UTC_TIME = 0x17

/** Certificate, in it the part that is signed, in that: version?, serial, algorithm, issuer, validity. */
function endIn(bytes: Uint8Array): number | undefined {
  const [signed] = itemsIn(bytes, itemAt(bytes, 0))
  if (signed === undefined || signed.tag !== SEQUENCE) return undefined
  const parts = itemsIn(bytes, signed)
  const validity = parts[parts[0]?.tag === VERSION ? 4 : 3]
  const end = validity === undefined ? undefined : itemsIn(bytes, validity)[1]
  if (end === undefined) return undefined
  return timeIn(String.fromCharCode(...bytes.subarray(end.start, end.end)), end.tag)
}

function itemsIn(bytes: Uint8Array, { start, end }: Item): readonly Item[] {
  const items: Item[] = []
  for (let at = start; at < end; ) {
    const item = itemAt(bytes, at)
    items.push(item)
    at = item.end
  }
  return items
}

/** A length below 128 stands for itself, else its bytes are counted first. */
function itemAt(bytes: Uint8Array, at: number): Item {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined) throw new RangeError('the certificate is cut')
  const count = first < 0x80 ? 0 : first & 0x7f
  const start = at + 2 + count
  let length = first
  if (count > 0) {
    length = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
  }
  return { tag, start, end: start + length }
}

/** `YYMMDDhhmmssZ`, or `YYYYMMDDhhmmssZ`. */
function timeIn(text: string, tag: number): number | undefined {
  const century = tag === UTC_TIME ? (text < '50' ? '20' : '19') : ''
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text) ?? []
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}
