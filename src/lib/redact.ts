const MASK = '******'

/** Longer text is cut: a log line is no place for a body. */
const LONGEST = 16_384
const DEEPEST = 8

/** Last words of the names whose values prove who somebody is, or open something. */
const SECRET_WORDS =
  'pass(?:word|wd|phrase)?|secret(?:_v\\d+)?|(?:api|functions?)?key(?:_alt|_id)?|tokens?|jwk|' +
  'credentials?|authorization|cookie|(?:header|param)_value|service_account_json'
const SECRET_NAME = new RegExp(`(?:^|[^a-z])(?:${SECRET_WORDS})$`, 'i')

/** Whether what bears this name is kept out of logs: `password`, `client_secret`, `key_alt`, `adminToken`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))
}

/**
 * What is to be logged without the secrets in it: members with telling names, private keys, logins
 * in headers and URLs, and the texts in `known`. Says nothing new of text it does not understand.
 */
export function redact<T>(value: T, known: readonly string[] = []): T {
  // Strings stay strings, lists lists and objects objects; the type is the shape's.
  return redacted(value, known, 0) as T
}

function redacted(value: unknown, known: readonly string[], depth: number): unknown {
  if (typeof value === 'string') return redactText(value, known)
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return MASK
  if (Array.isArray(value)) return value.map((item) => redacted(item, known, depth + 1))
  const pairs = Object.entries(value).map(([name, inner]) => {
    const hide = inner !== null && inner !== undefined && isSecretName(name)
    return [name, hide ? MASK : redacted(inner, known, depth + 1)]
  })
  return Object.fromEntries(pairs)
}

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g
const LOGIN_SCHEME = /\b(Bearer|Basic)\s+[\w+/=.~-]{4,}/gi
const URL_LOGIN = /\/\/[^\s/?#@"']*:[^\s/?#@"']*@/g
/** `Authorization: hmac username="x", …`: all of the line. */
const LOGIN_HEADER = /\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*:\s*)(?!["'\\])[^\r\n]*/gi

/** `"key":"x"`, `\"key\":\"x\"`, `key="x"`, `key=x`, `key: x`; a quote that never ends ends with the text. */
const PAIR = new RegExp(
  `(?<![a-z])((?:${SECRET_WORDS})(?:\\[\\w*\\])?)(\\\\*["']?\\s*(?:=>|[:=])\\s*)` +
    '(?:(\\\\*)(["\'])(?:[\\s\\S]*?(?<!\\\\)\\3\\4|[\\s\\S]*$)|([^\\s,;&"\'{}\\[\\]()]+))',
  'gi',
)
/** What Kong says of a field that has no good value; it tells nothing. */
const COMPLAINT = /^(?:required|expected|unknown|length)$/

function redactText(text: string, known: readonly string[]): string {
  let shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  for (const secret of known) shown = shown.replaceAll(secret, MASK)
  return shown
    .replace(PRIVATE_KEY, MASK)
    .replace(URL_LOGIN, `//${MASK}@`)
    .replace(LOGIN_HEADER, `$1$2${MASK}`)
    .replace(LOGIN_SCHEME, `$1 ${MASK}`)
    .replace(PAIR, (pair, name: string, between: string, ...rest: (string | undefined)[]) => {
      const bare = rest[2]
      return bare !== undefined && COMPLAINT.test(bare) ? pair : `${name}${between}${MASK}`
    })
}
