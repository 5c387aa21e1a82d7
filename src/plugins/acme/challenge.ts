import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitWith, refusal } from '../../pdk/exit.ts'
import type { Kit } from '../../pdk/kit.ts'
import { type AcmeStorage, STORED } from './storage.ts'

const PATH = '/.well-known/acme-challenge/'
const TEXT = ['Content-Type', 'text/plain; charset=utf-8']

/** The token of a request for the answer to a challenge. */
export function challengedToken({ request }: Exchange): string | undefined {
  if (request.scheme !== 'http' || !request.path.startsWith(PATH)) return undefined
  const token = request.path.slice(PATH.length)
  return token === '' ? undefined : token
}

/** Answers a challenge with what was published for its token. */
export async function answerChallenge(
  token: string,
  storage: AcmeStorage,
  { runtime }: Pick<Kit, 'runtime'>,
): Promise<Exit> {
  const missing = () => exitWith(404, { body: 'Not found\n', headers: TEXT })
  // Kong: by this one an operator finds out whether such requests come here at all.
  if (token === 'x') return missing()
  try {
    const answer = await storage.get(STORED.challenge(token))
    if (answer === undefined) return missing()
    return exitWith(200, { body: `${answer}\n`, headers: TEXT })
  } catch (error) {
    runtime.log('error', 'Cannot read the answer to a challenge', { error })
    return refusal(500, 'An unexpected error occurred')
  }
}
