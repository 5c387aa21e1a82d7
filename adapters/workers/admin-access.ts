import type { AdminAccess } from './settings.ts'

/**
 * The request as the Admin API wants it, when it is meant for it: by host name, or by path prefix,
 * which is taken off. A request without the token it needs is answered here.
 */
export async function adminRequestOf(
  request: Request,
  access: AdminAccess,
): Promise<Request | Response | undefined> {
  if (access.host === undefined && access.path === undefined) return undefined
  const url = new URL(request.url)
  const byHost = url.hostname === access.host
  const path = byHost ? url.pathname : pathBelow(url.pathname, access.path)
  if (path === undefined) return undefined
  if (access.token === undefined) {
    return refusal(403, 'The Admin API is closed: set the secret GIBBON_ADMIN_TOKEN')
  }
  if (access.token !== 'off' && !(await bears(request, access.token))) {
    return refusal(401, 'Unauthorized')
  }

  url.pathname = path
  return byHost ? request : new Request(url, request)
}

function pathBelow(path: string, prefix: string | undefined): string | undefined {
  if (prefix === undefined || !path.startsWith(prefix)) return undefined
  const rest = path.slice(prefix.length)
  if (rest === '') return '/'
  return rest.startsWith('/') ? rest : undefined
}

function refusal(status: number, message: string): Response {
  return Response.json({ message }, { status })
}

async function bears(request: Request, token: string): Promise<boolean> {
  const given = request.headers.get('kong-admin-token') ?? ''
  const [wanted, got] = await Promise.all([digestOf(token), digestOf(given)])
  // Every byte of both digests is read: how long it takes tells nothing about the token.
  return wanted.reduce((different, byte, at) => different | (byte ^ (got[at] ?? 0)), 0) === 0
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
