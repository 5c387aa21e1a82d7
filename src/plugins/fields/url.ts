/** Why a text is no URL with a scheme and a host. */
export function checkUrl(text: string): string | undefined {
  const [, scheme, authority = ''] =
    /^(?:([A-Za-z0-9][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?/.exec(text) ?? []
  const host = authority.replace(/^.*@/, '').replace(/:[^:\]]*$/, '')
  if (host === '') return 'missing host in url'
  return scheme === undefined ? 'missing scheme in url' : undefined
}
