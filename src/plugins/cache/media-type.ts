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

function mediaType(text: string): MediaType | undefined {
  const [name = '', ...rest] = text.split(';').map((part) => part.trim().toLowerCase())
  const [type = '', subtype = '', ...more] = name.split('/')
  if (type === '' || subtype === '' || more.length > 0) return undefined
  const params = rest.flatMap((part): [string, string][] => {
    const [key = '', value] = part.split('=', 2).map((word) => word.trim())
    return value === undefined ? [] : [[key, value.replace(/^"(.*)"$/, '$1')]]
  })
  return { type, subtype, params: new Map(params) }
}

function covers(one: MediaType, given: MediaType): boolean {
  const isType = one.type === '*' || one.type === given.type
  const isSubtype = one.subtype === '*' || one.subtype === given.subtype
  if (!isType || !isSubtype || one.params.size !== given.params.size) return false
  return Array.from(one.params).every(([key, value]) => given.params.get(key) === value)
}
