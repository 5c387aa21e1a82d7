/**
 * An attempt to get around a plugin. Without more said it has to be refused, and nothing of it may
 * reach the upstream.
 */
export interface SideDoor {
  readonly plugin: string
  readonly what: string
  /** Requests before it, whose answers do not count. */
  readonly before?: readonly string[]
  /** The request, byte by byte. */
  readonly attempt: string
  /** What the upstream may not get to see, of method, target, headers and body. */
  readonly unseen?: RegExp
  /** What the upstream has to see. */
  readonly sees?: RegExp
  /** What the answer may not hold. */
  readonly never?: RegExp
  /** Whether it may get no answer that was another's. */
  readonly fresh?: true
}

/** A request by GET on a connection of its own. */
export function get(path: string, ...lines: string[]): string {
  return send('GET', path, lines)
}

/** A request with these lines after its first; a body goes as it is. */
export function send(
  method: string,
  path: string,
  lines: readonly string[] = [],
  body = '',
): string {
  const has = (name: string) => lines.some((line) => line.toLowerCase().startsWith(`${name}:`))
  const own = [
    ...(has('host') ? [] : ['Host: gateway.test']),
    ...(has('connection') ? [] : ['Connection: close']),
  ]
  return [`${method} ${path} HTTP/1.1`, ...own, ...lines, '', body].join('\r\n')
}

/** Attempts of one plugin by what they are called. */
export function doors(
  plugin: string,
  attempts: Readonly<Record<string, string>>,
  verdict: Partial<SideDoor> = {},
): SideDoor[] {
  return Object.entries(attempts).map(([what, attempt]) => ({ plugin, what, attempt, ...verdict }))
}
