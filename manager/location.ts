import { useEffect, useState } from 'hono/jsx/dom'

/** Where in the page somebody is: `#/upstreams/my-id/targets?tag=a`. */
export interface Place {
  readonly parts: readonly string[]
  readonly query: URLSearchParams
}

/** Reads the hash; nothing secret is ever in it. */
function currentPlace(): Place {
  const [path = '', query = ''] = location.hash.slice(1).split('?', 2)
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent)
  return { parts, query: new URLSearchParams(query) }
}

/** The place, followed as it changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace)
  useEffect(() => {
    const follow = () => setPlace(currentPlace())
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return place
}

/** The link to a place. */
export function linkTo(
  parts: readonly string[],
  query: Readonly<Record<string, string>> = {},
): string {
  const text = new URLSearchParams(query).toString()
  return `#/${parts.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`
}

/** Goes there. */
export function goTo(parts: readonly string[], query: Readonly<Record<string, string>> = {}): void {
  location.hash = linkTo(parts, query)
}
