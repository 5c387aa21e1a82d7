/** A media type, taken apart. */
interface MediaType {
  readonly type: string
  readonly subtype: string
  readonly params: ReadonlyMap<string, string>
}

/** Makes a test for media types: parameters must be the very same, `*` stands for any type. */
export function mediaTypeTest(allowed: readonly string[]): (value: string) => boolean {
  const known = allowed.flatMap((text) => mediaType(text) ?? [])
  return (value) => {
    const given = mediaType(value)
    return given !== undefined && known.some((one) => covers(one, given))
  }
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const NAME = new RegExp(`^(?:(${TOKEN})/(${TOKEN})|\\*)`)
const PARAMETER = new RegExp(
  `[ \\t]*;[ \\t]*(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")`,
  'y',
)

/** Kong: one with anything behind it, be it a lone semicolon, is none; `*` alone is any. */
function mediaType(text: string): MediaType | undefined {
  const name = NAME.exec(text)
  if (name === null) return undefined
  const [whole, type = '*', subtype = '*'] = name
  const params = new Map<string, string>()
  let at = whole.length
  while (at < text.length) {
    PARAMETER.lastIndex = at
    const [part = '', key = '', word, quoted = ''] = PARAMETER.exec(text) ?? []
    if (part === '') return undefined
    params.set(key.toLowerCase(), (word ?? quoted).toLowerCase())
    at += part.length
  }
  return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), params }
}

function covers(one: MediaType, given: MediaType): boolean {
  const isType = one.type === '*' || one.type === given.type
  const isSubtype = one.subtype === '*' || one.subtype === given.subtype
  if (!isType || !isSubtype || one.params.size !== given.params.size) return false
  return Array.from(one.params).every(([key, value]) => given.params.get(key) === value)
}
