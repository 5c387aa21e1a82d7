import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitWith } from '../../pdk/exit.ts'
import type { Kit } from '../../pdk/kit.ts'
import { withCredentials } from './credentials.ts'
import { type Destination, destinationOf } from './destination.ts'
import { isUnmapped, type LlmConfig } from './driver.ts'
import type { CloudLogin } from './login.ts'
import { readText, refuse, replacePrompt } from './prompt.ts'
import { withArg } from './query.ts'
import { providerBody, type Question } from './question.ts'

/** What is the same for every question of a configuration. */
export interface Sending {
  readonly config: LlmConfig
  readonly login: CloudLogin | undefined
  readonly kit: Pick<Kit, 'runtime' | 'plugin'>
}

const encoder = new TextEncoder()

/** Turns the request into the provider's and sends it there; gives an answer where that cannot be. */
export async function sendQuestion(
  exchange: Exchange,
  question: Question,
  sending: Sending,
): Promise<Exit | undefined> {
  const { upstream, request } = exchange
  const { config, login, kit } = sending
  // What is asked in a provider's own words goes there in them.
  const passed = config.route_type === 'preserve' || question.native !== undefined
  const mapped = passed ? question.body : providerBody(question)
  if (isUnmapped(mapped)) return refuse(400, mapped.error)
  const destination = destinationOf(question.driver, question.call, request.rawPath)
  if (destination === undefined) {
    kit.runtime.log('error', 'A model has no address', { plugin: kit.plugin.id })
    return exitWith(500)
  }
  // A key in the body would need a body of our making.
  const { body, query, headers } = withCredentials(config, {
    body: mapped,
    query: upstream.rawQuery,
    header: (name) => request.headers.get(name),
  })
  if (!passed) replacePrompt(exchange, body)
  upstream.rawQuery = withDefaults(query, question)
  go(exchange, destination)
  setAll(exchange, [...(question.driver.headers?.(question.call) ?? []), ...headers])
  const region = question.call.model.options.bedrock?.aws_region ?? undefined
  return login && signIn(exchange, destination, { login, region, kit })
}

/** The client's own arguments count before the driver's. */
function withDefaults(query: string, { driver, call }: Question): string {
  let all = query
  for (const [name, value] of driver.query?.(call) ?? []) {
    if (!new URLSearchParams(all).has(name)) all = withArg(all, name, value)
  }
  return all
}

function go({ upstream }: Exchange, destination: Destination): void {
  const { scheme, host, port, path, authority, own } = destination
  upstream.path = path
  // A provider's own address proves who it is, whatever the service says of others.
  upstream.setTarget({ scheme, host, port, ...(own ? { tlsVerify: true } : {}) })
  upstream.setHost(authority)
  // Answers are read, and streams must not wait for a compressor.
  upstream.headers.set('Accept-Encoding', 'identity')
}

function setAll({ upstream }: Exchange, headers: readonly string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    upstream.headers.set(headers[i] as string, headers[i + 1] as string)
  }
}

interface SigningIn {
  readonly login: CloudLogin
  readonly region: string | undefined
  readonly kit: Sending['kit']
}

async function signIn(
  exchange: Exchange,
  { scheme, authority, path }: Destination,
  { login, region, kit }: SigningIn,
): Promise<Exit | undefined> {
  const { method, rawQuery } = exchange.upstream
  const query = rawQuery === '' ? '' : `?${rawQuery}`
  try {
    // It has been read before, and is not too long.
    const body = encoder.encode((await readText(exchange, Number.POSITIVE_INFINITY)) ?? '')
    const url = new URL(`${scheme}://${authority}${path}${query}`)
    // A client of Bedrock's own may have signed for itself.
    exchange.upstream.headers.delete('X-Amz-Security-Token')
    setAll(exchange, await login({ method, url, body, region }))
    return undefined
  } catch (error) {
    kit.runtime.log('error', 'Cannot log in to a model', { plugin: kit.plugin.id, error })
    return refuse(500, 'LLM request failed before proxying')
  }
}
