/** What a path means: RFC 3986 §6.2.2, its letters decoded and its dot segments gone. */
export function strictly(target: string): string {
  const path = (target.split('?', 1)[0] ?? '').replace(/%([0-9a-f]{2})/gi, (code, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return /[A-Za-z0-9._~-]/.test(char) ? char : code.toUpperCase()
  })
  return withoutDots(path)
}

/** What a careless server makes of it: all decoded, `\` as `/`, no parameters, slashes merged. */
export function leniently(target: string): string {
  const path = (target.split('?', 1)[0] ?? '').replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return withoutDots(
    path
      .replaceAll('\\', '/')
      .replace(/;[^/]*/g, '')
      .replace(/\/+/g, '/'),
  )
}

function withoutDots(path: string): string {
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  for (const [n, segment] of segments.entries()) {
    const isLast = n === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (isLast) kept.push('')
  }
  return `/${kept.join('/')}`
}
