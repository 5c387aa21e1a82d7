import type { AdminAccess } from './settings.ts'

/**
 * The request as the Admin API wants it, when it is meant for it: by host name, or by path prefix,
 * which is taken off. Where nothing guards the Admin API it is closed, and that is answered here.
 */
export function adminRequestOf(
  request: Request,
  access: AdminAccess,
): Request | Response | undefined {
  if (access.host === undefined && access.path === undefined) return undefined
  const url = new URL(request.url)
  const byHost = url.hostname === access.host
  const path = byHost ? url.pathname : pathBelow(url.pathname, access.path)
  if (path === undefined) return undefined
  if (!access.guarded) {
    const message = 'The Admin API is closed: set the secret GIBBON_ADMIN_TOKEN'
    return Response.json({ message }, { status: 403 })
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
