import type { Message, Verdict } from './malformed-message.ts'
import { requestText } from './raw-client.ts'
import { plain, type Script, type Seen } from './scripted-target.ts'
import type { World } from './world.ts'

/** How many connections send at a time. */
const AT_ONCE = 24
/** How long an answer is waited for, in ms. */
const PATIENCE: Readonly<Record<Verdict, number>> = {
  refused: 2500,
  served: 2500,
  alone: 2500,
  own: 2500,
  hungry: 150,
  any: 400,
}

/** An answer as the client read it. */
export interface Reply {
  readonly status: number
  readonly text: string
}

/** What became of one message. */
export interface Outcome {
  readonly replies: readonly Reply[]
  /** Neither the marker's answer nor an end came in time. */
  readonly gaveUp: boolean
}

/** Answers with the path it was asked for. */
export const naming: Script = async (seen) => {
  await seen.body()
  seen.write(plain(seen.method === 'HEAD' ? '' : seen.target))
}

/** The id of the nth message: two chars, as `ID` has. */
export function idOf(n: number): string {
  return (n + 36 * 10).toString(36)
}

/** What of the message with this id reached the target whole; a cut body is as good as none. */
async function seenOf(world: World, id: string): Promise<Seen[]> {
  const seen = world.target.seen.filter((one) => one.values('x-case')[0] === id)
  const bodies = await Promise.allSettled(seen.map((one) => one.body()))
  return seen.filter((_, n) => bodies[n]?.status === 'fulfilled')
}

/** Sends every message, each followed by a marker on the same connection. */
export async function sendAll(world: World, messages: readonly Message[]): Promise<Outcome[]> {
  world.target.script = naming
  const outcomes: Outcome[] = []
  const rest = messages.entries()
  const sender = async (): Promise<void> => {
    for (const [n, message] of rest) outcomes[n] = await send(world, message, idOf(n))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender))
  return outcomes
}

async function send(world: World, { text, verdict }: Message, id: string): Promise<Outcome> {
  const client = await world.connect()
  const marker = requestText('GET /marker-ID', 'echo.test', 'X-Case: ID\r\n')
  client.write(`${text}${marker}`.replaceAll('ID', id))
  const replies: Reply[] = []
  const method = text.startsWith('HEAD') ? 'HEAD' : 'GET'
  let gaveUp = false
  const timer = setTimeout(() => {
    gaveUp = true
    client.leave()
  }, PATIENCE[verdict])
  try {
    while (replies.at(-1)?.text !== `/marker-${id}`) {
      const { status, text: said } = await client.answer(replies.length === 0 ? method : 'GET')
      replies.push({ status, text: said })
    }
  } catch {
    // The connection ended, by the gateway or by us.
  }
  clearTimeout(timer)
  client.leave()
  return { replies, gaveUp }
}

/** What is wrong with what became of a message; nothing, if all is well. */
export async function faultsOf(
  world: World,
  { text, verdict, body }: Message,
  { id, outcome }: { readonly id: string; readonly outcome: Outcome },
): Promise<string[]> {
  const seen = await seenOf(world, id)
  const paths = seen.map(({ target }) => target)
  const faults: string[] = []
  if (paths.some((path) => path.includes('smuggled'))) faults.push('a smuggled request got through')
  if (new Set(paths).size < paths.length) faults.push('a request was delivered twice')
  const served = outcome.replies.filter(({ status }) => status === 200).map(({ text }) => text)
  const asked = text.startsWith('HEAD') ? ['', ...paths.slice(1)] : paths
  if (served.some((said, n) => said !== asked[n])) faults.push('an answer is not to its question')
  if (outcome.replies.some(({ status }) => status >= 500)) faults.push('an error of the server')
  faults.push(...verdictFaults(verdict, paths, outcome))
  const [first] = seen
  if (body !== undefined && first !== undefined) {
    const came = (await first.body()).bytes.toString('latin1')
    if (came !== body.replaceAll('ID', id)) faults.push(`the body came as ${JSON.stringify(came)}`)
  }
  return faults
}

function verdictFaults(verdict: Verdict, paths: readonly string[], outcome: Outcome): string[] {
  const [first] = outcome.replies
  const said = `${outcome.replies.map(({ status }) => status)}; seen: ${paths}`
  const isError = first !== undefined && first.status >= 400
  const isMarker = (path: string | undefined) => path?.startsWith('/marker-') === true
  const holds: Readonly<Record<Verdict, boolean>> = {
    // Cut off without a word is a refusal too.
    refused: !outcome.gaveUp && (first === undefined || isError) && paths.length === 0,
    served: paths.length === 2 && isMarker(paths[1]) && outcome.replies.length === 2,
    alone: first?.status === 200 && paths.length > 0 && !isMarker(paths[0]),
    own: isError && paths.every(isMarker),
    hungry: outcome.gaveUp && first === undefined && !paths.some(isMarker),
    any: true,
  }
  return holds[verdict] ? [] : [`not ${verdict}: ${said}${outcome.gaveUp ? ' (silence)' : ''}`]
}
