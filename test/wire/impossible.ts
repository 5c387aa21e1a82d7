import type { RuntimeName } from '../runtimes/start.ts'

const OWN_HOST = 'fetch writes Host itself, so this is refused when configured'
const LIST = 'header lines come sorted, and those of one name joined'
const OWN_PARSER = "the platform's own parser takes it, or answers it in its own words"
const DROPPED = 'fetch drops it'
const STATUS = 'a Response has no status above 599'

/** What a runtime cannot do, by the case's name, and why. */
export const IMPOSSIBLE: Readonly<Record<RuntimeName, Readonly<Record<string, string>>>> = {
  node: {},
  bun: {},
  deno: {},
  workerd: {
    'query ?a="<b>" goes up as it is': 'fetch escapes these bytes',
    'takes an absolute target, whose host counts': 'its host is that of the Host header',
    'asks for trailers where the client does': DROPPED,
    'sends Connection of its own': DROPPED,
    'keeps cookies in their lines': 'they arrive in one line',
    'refuses CONNECT': OWN_PARSER,
    'keeps names, values and repetition of headers': LIST,
    'keeps headers of different names in their order': LIST,
    "asks for the Upstream's host_header": OWN_HOST,
    "asks for the client's Host where it is kept": OWN_HOST,
    "keeps the client's Host with its port": OWN_HOST,
    'answers 503 at nameless.test: name resolution failed': 'fetch does not say why it failed',
    'passes a GET with a body': DROPPED,
    'asks the target in HTTP/1.1 for a client of HTTP/1.0, and tells in Via':
      'a Request has no version',
    'keeps the length a 304 tells': 'the platform drops it',
    'passes trailers to a client that asks for them': DROPPED,
    'passes 600 Beyond': STATUS,
    'passes 999 Last': STATUS,
    'answers 502 to a length and chunks': OWN_PARSER,
    'answers 502 to a bare line feed': OWN_PARSER,
    'ends the call when its client leaves by an end while it waits':
      'a Worker is told of a reset alone',
    "passes the client's own key up": 'fetch makes a handshake of its own',
    'answers 417 to any other expectation': OWN_PARSER,
    'names what to upgrade to in a 426': 'the platform writes Connection and Upgrade itself',
    "passes the target's offer of what was asked for on":
      'the platform writes Connection and Upgrade itself',
  },
}
