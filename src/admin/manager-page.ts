import { sha1 } from '../lib/sha1.ts'

/** The Manager as one page, and what its Content-Security-Policy allows of it. */
export interface ManagerPage {
  readonly html: string
  readonly hashes: { readonly script: string; readonly style: string }
}

/** Where in the page its server writes how the Admin API is reached. */
const TOLD = '<meta name="admin-api" content="">'

/** Answers with the page. `api` is the Admin API's URL where that is not beside the page. */
export function managerResponse(
  request: Request,
  { html, hashes }: ManagerPage,
  api = '',
): Response {
  const text = api === '' ? html : html.replace(TOLD, () => TOLD.replace('""', `"${api}"`))
  const etag = etagOf(text)
  const headers = new Headers({
    'Content-Security-Policy': policyOf(hashes, api),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    // Asked for again each time, and sent only when it is another one.
    'Cache-Control': 'no-cache',
    ETag: etag,
  })
  if (knows(request, etag)) return new Response(null, { status: 304, headers })
  const bytes = new TextEncoder().encode(text)
  headers.set('Content-Type', 'text/html; charset=utf-8')
  headers.set('Content-Length', String(bytes.length))
  return new Response(request.method === 'HEAD' ? null : bytes, { headers })
}

/** These very texts run, nothing else does; it talks to the Admin API alone. */
function policyOf({ script, style }: ManagerPage['hashes'], api: string): string {
  const origin = api === '' ? '' : ` ${new URL(api).origin}`
  return [
    "default-src 'none'",
    `script-src '${script}'`,
    `style-src '${style}'`,
    `connect-src 'self'${origin}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function knows({ headers }: Request, etag: string): boolean {
  const known = headers.get('if-none-match') ?? ''
  return known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

const etags = new Map<string, string>()

/** Of a handful of texts: one for each host name the page is asked for by. */
function etagOf(text: string): string {
  const found = etags.get(text)
  if (found !== undefined) return found
  if (etags.size > 8) etags.clear()
  const digest = sha1(new TextEncoder().encode(text))
  const etag = `"${btoa(String.fromCharCode(...digest))}"`
  etags.set(text, etag)
  return etag
}
