/** A request's origin in parts, default ports left out. */
export interface Origin {
  /** `https://a.test:8443`; the text itself where it is no URL, such as `null`. */
  readonly domain: string
  readonly host: string
}

const URL_PARTS =
  /^([A-Za-z][\w+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^:/?#]+)(?::(\d*))?(?:[/?#]|$)/

/** Reads an origin; Kong compares those of its configuration and of requests in this form. */
export function readOrigin(text: string): Origin {
  const [, scheme = '', host, port = ''] = URL_PARTS.exec(text) ?? []
  if (host === undefined) return { domain: text, host: text }
  const usual = port === '' || DEFAULT_PORTS.get(scheme) === port
  return { domain: `${scheme}://${host}${usual ? '' : `:${port}`}`, host }
}

const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
])
