/** A reference such as `{vault://my-env/database/password?prefix=SSL_#2}`, taken apart. */
export interface VaultReference {
  /** A vault's prefix, or the kind of vault itself. */
  readonly vault: string
  readonly resource: string
  /** The member of the secret, which is a JSON object then. */
  readonly key: string | undefined
  /** What is set for this reference alone. */
  readonly overrides: URLSearchParams
  readonly version: number | undefined
}

/** Kong: a URL, whose last segment names a member where there are several. A text tells what is wrong. */
export function parseVaultReference(reference: string): VaultReference | string {
  const wrong = (reason: string): string => `reference url ${reason} [${reference}]`
  const [, url = '', fragment] = /^\{vault:\/\/([^#]*)(?:#(.*))?\}$/s.exec(reference) ?? []
  const [, authority = '', rest = ''] = /^([^/]*)(.*)$/s.exec(url) ?? []
  const vault = hostOf(authority)
  if (vault === '') return wrong('is missing host')
  const [, path = '', query = ''] = /^([^?;]*)(?:;[^?]*)?(?:\?(.*))?$/s.exec(rest) ?? []
  if (path === '') return wrong('is missing path')
  if (path === '/') return wrong('has empty path')
  if (fragment !== undefined && !/^\s*-?\d+\s*$/.test(fragment)) return wrong('has invalid version')

  const { resource, key } = partsOf(path.slice(1))
  if (resource === '') return wrong('has invalid path')
  const version = fragment === undefined ? undefined : Number(fragment)
  return { vault, resource, key, overrides: new URLSearchParams(query), version }
}

/** Kong: what a URL may have around its host plays no part. */
function hostOf(authority: string): string {
  return authority.replace(/^[^@]*@/, '').replace(/:[^:\]]*$/, '')
}

function partsOf(path: string): { resource: string; key: string | undefined } {
  const at = path.lastIndexOf('/')
  if (at < 0) return { resource: unescaped(path), key: undefined }
  const last = path.slice(at + 1)
  return {
    resource: unescaped(path.slice(0, at)),
    key: last === '' ? undefined : unescaped(last),
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
