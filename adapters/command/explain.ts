import { messageOf } from '../../src/lib/message-of.ts'
import type { Explanation } from '../../src/proxy/explain.ts'
import { adminClient } from '../../src/sync/client.ts'
import { SyncError } from '../../src/sync/sync-error.ts'
import type { Arguments } from './arguments.ts'
import { explainText } from './explain-text.ts'
import type { SyncPorts } from './sync-ports.ts'

/** Carries out `gibbon explain`; resolves to 0 when a route would take the request, else to 1. */
export async function explainCommand(
  { file: url = '', flags }: Pick<Arguments, 'file' | 'flags'>,
  { fetch, out, err }: Pick<SyncPorts, 'fetch' | 'out' | 'err'>,
): Promise<number> {
  try {
    const [base = 'http://127.0.0.1:8001'] = flags.get('kong-addr') ?? []
    if (!/^https?:\/\/[^/]/.test(base) || !URL.canParse(base)) {
      throw new SyncError([`--kong-addr "${base}": write something like http://127.0.0.1:8001`])
    }
    const [token] = flags.get('kong-admin-token') ?? []
    const headers: Record<string, string> = token === undefined ? {} : { 'kong-admin-token': token }
    const client = adminClient({ url: base, headers, fetch })
    const body = await client.expect('GET', `/debug/explain?${queryOf(url, flags)}`)
    if (!isExplanation(body)) throw new SyncError([`${base} does not explain: it is no gibbon`])
    await out(flags.has('json') ? `${JSON.stringify(body, null, 2)}\n` : explainText(body))
    return body.route === null ? 1 : 0
  } catch (error) {
    const problems = error instanceof SyncError ? error.problems : [messageOf(error)]
    for (const problem of problems) err(`gibbon: ${problem}\n`)
    return 1
  }
}

/** `localhost:8000/x` is taken for what it most likely is. */
function queryOf(url: string, flags: Arguments['flags']): string {
  const whole = url.startsWith('/') || url.includes('://') ? url : `http://${url}`
  const query = new URLSearchParams({ url: whole })
  for (const method of flags.get('request') ?? []) query.set('method', method)
  for (const header of flags.get('header') ?? []) query.append('header', header)
  return query.toString()
}

function isExplanation(body: object): body is Explanation {
  return 'candidates' in body && Array.isArray(body.candidates) && 'route' in body
}
