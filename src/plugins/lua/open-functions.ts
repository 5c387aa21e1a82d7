import type { ByteStream } from '../../lib/bytes.ts'
import { bytesOf, charsOf } from '../../lib/latin1.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import type { Hooks, Outcome } from '../../pdk/hooks.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { ConfigOf, Faults, Needs } from '../../pdk/plugin.ts'
import { noResponseBody, readRequestBody, readResponseBody } from './bodies.ts'
import type { functionFields } from './function-fields.ts'
import { compileFunctions, type Functions } from './functions.ts'
import { codeFaults, needsLua } from './needs-lua.ts'
import { applyChanges } from './pending.ts'
import { worldOf } from './world.ts'

type Config = ConfigOf<{
  readonly config: { readonly type: 'record'; readonly fields: typeof functionFields }
}>

const PHASES = ['certificate', 'rewrite', 'access', 'header_filter', 'body_filter', 'log'] as const

/** Why a configuration with functions cannot run. */
export const needsForFunctions: Needs = (caps, config) =>
  needsLua(
    caps,
    PHASES.map((phase) => config[phase]),
  )

/** Kong: under `config.<phase>[n]` is why a function of a plugin is no Lua. */
export function faultsInFunctions(plugin: string): Faults {
  const code = { fields: PHASES, saying: `error parsing ${plugin}` }
  return (caps, config) => codeFaults(caps, config, code)
}

/** Makes the hooks of `pre-function` and `post-function`. */
export function openFunctions(config: Config, kit: Kit): Hooks {
  const world = worldOf(kit)
  // What needs it is refused where there is none; a row that was stored before guards nothing.
  if (world === undefined) throw new Error('there is no Lua here')
  const of = (phase: (typeof PHASES)[number]) =>
    compileFunctions(config[phase], { world, kit, phase })
  const [certificate, rewrite, access, head, body, log] = [
    of('certificate'),
    of('rewrite'),
    of('access'),
    of('header_filter'),
    of('body_filter'),
    of('log'),
  ]
  const looks = { request: readsRequest(config), response: readsResponse(config) }
  const answers = [rewrite, access, head, body].some((functions) => functions !== undefined)
  const mayAnswer = answers || looks.response
  const answering = { head, body, reads: looks.response, limit: kit.bodyLimit }
  return {
    ...(certificate && { handshake: (handshake) => certificate.runAt(handshake) }),
    ...(rewrite === undefined ? {} : { rewrite: withBody(rewrite, looks.request, kit) }),
    ...(access === undefined && !looks.request
      ? {}
      : { access: withBody(access, looks.request, kit) }),
    ...(mayAnswer && { response: (exchange) => answerBy(exchange, answering) }),
    ...(log === undefined
      ? {}
      : {
          log: (exchange) => void log.run(exchange),
          logSession: (session) => log.runFor(session),
        }),
  }
}

interface Answering {
  readonly head: Functions | undefined
  readonly body: Functions | undefined
  /** Whether the code looks at the service's body. */
  readonly reads: boolean
  readonly limit: number
}

/** What earlier phases have changed of the answer counts, too. */
function answerBy(exchange: Exchange, { head, body, reads, limit }: Answering): Outcome {
  const answer = (): Outcome => {
    applyChanges({ exchange })
    const exit = head?.run(exchange)
    if (exit === undefined && body !== undefined) filterBody(exchange, body)
    return exit
  }
  if (!reads) return answer()
  if (!exchange.response.hasBody) {
    noResponseBody(exchange)
    return answer()
  }
  return readResponseBody(exchange, limit).then(answer)
}

/** Lua cannot wait, so what it may look at is read before. */
function withBody(functions: Functions | undefined, reads: boolean, kit: Kit) {
  return (exchange: Exchange): Outcome => {
    const run = () => functions?.run(exchange)
    return reads ? readRequestBody(exchange, kit.bodyLimit).then(run) : run()
  }
}

const BODY = /get_(?:raw_)?body\b|get_body_data|get_post_args|request_body/

function readsRequest(config: Config): boolean {
  const { rewrite, access, header_filter, log } = config
  if ([...rewrite, ...access].some((source) => BODY.test(source))) return true
  return [...header_filter, ...config.body_filter, ...log].some(
    (source) => BODY.test(source) && source.includes('request'),
  )
}

function readsResponse({ header_filter, body_filter, log }: Config): boolean {
  const usesIt = /service\.response\.get_(?:raw_)?body\b/
  return [...header_filter, ...body_filter, ...log].some((source) => usesIt.test(source))
}

/** Kong: each chunk passes by, and the end is told with the last. */
function filterBody(exchange: Exchange, functions: Functions): void {
  if (!exchange.response.hasBody) return
  exchange.response.transform((stream) => filtered(stream, exchange, functions))
}

async function* filtered(
  stream: ByteStream,
  exchange: Exchange,
  functions: Functions,
): AsyncGenerator<Uint8Array> {
  const pass = (bytes: Uint8Array | undefined): { out: string | undefined; last: boolean } => {
    const part = { chunk: bytes === undefined ? '' : charsOf(bytes), last: bytes === undefined }
    const failure = functions.run(exchange, part)
    // The head has left: what is left to do is to cut the body.
    if (failure !== undefined) throw new Error('a body filter failed')
    return { out: part.chunk, last: part.last }
  }
  for await (const chunk of stream) {
    const { out, last } = pass(chunk)
    if (out !== undefined && out !== '') yield bytesOf(out)
    if (last) return
  }
  const { out } = pass(undefined)
  if (out !== undefined && out !== '') yield bytesOf(out)
}
