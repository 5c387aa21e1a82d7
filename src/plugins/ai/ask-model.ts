import { messageOf } from '../../lib/message-of.ts'
import { compilePcreRegex } from '../../lib/pcre/pcre-regex.ts'
import type { RouteRegex } from '../../lib/regex.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Needs } from '../../pdk/plugin.ts'
import { isObject } from '../../schema/field.ts'
import { needsProxy } from '../fields/http-proxy.ts'
import {
  type Call,
  type Driver,
  isUnmapped,
  type LlmConfig,
  type Unmapped,
  unmapped,
} from './driver.ts'
import { drivers } from './drivers/all.ts'
import { type JsonObject, textAt } from './json-reading.ts'
import { checkLogin, cloudLogin, withRegion } from './login.ts'
import { mapMade } from './map-answer.ts'
import { providerBody } from './question.ts'
import { logTold, toldUsage } from './statistics.ts'
import { createSubrequest, type ProxyFields } from './subrequest.ts'

/** What a transformer is told of its model. */
export interface Transforming extends ProxyFields {
  readonly prompt: string
  readonly transformation_extract_pattern: string | null
  readonly http_timeout: number
  readonly https_verify: boolean
  readonly llm: LlmConfig
}

/** Has a model make another text of one; gives the reason where it did not. */
export type Transform = (exchange: Exchange, text: string) => Promise<string | Unmapped>

/** Prepares the question that is asked of every text. */
export function createTransform(config: Transforming, kit: Kit): Transform {
  const llm = withRegion(config.llm, kit.runtime)
  const { model } = llm
  const driver = drivers[model.provider]
  const call: Call = {
    model: { provider: model.provider, name: model.name ?? '', options: model.options ?? {} },
    route: 'llm/v1/chat',
    streaming: false,
  }
  const send = createSubrequest({ config, driver, call, login: cloudLogin(llm, kit), kit })
  const asking = driver.takesNoSystem?.(call.model) ? asUser(config) : asSystem(config)
  const extract = extractor(config.transformation_extract_pattern)

  return async (exchange, text) => {
    const at = kit.runtime.now()
    const messages = asking(text)
    const asked = providerBody({ driver, call, body: { messages, stream: false } })
    if (isUnmapped(asked)) return asked
    const answered = await send(asked)
    if (typeof answered !== 'string') return answered
    const mapped = mapMade(driver, call, answered)
    if ('error' in mapped) {
      return unmapped(`failed to convert AI response to Kong format: ${mapped.error}`)
    }
    const latency = kit.runtime.now() - at
    logAnswer(exchange, { kit, llm, driver, call }, { ...mapped, request: text, latency })
    const said = textAt(mapped.answer, 'choices', 0, 'message', 'content')
    return said === undefined ? unmapped(NOTHING_SAID) : extract(said)
  }
}

type Prompted = Pick<Transforming, 'prompt'>

function asSystem({ prompt }: Prompted) {
  return (text: string) => [
    { role: 'system', content: prompt },
    { role: 'user', content: text },
  ]
}

/** Kong: who is told nothing by a system is told by the user, and asks for the text. */
function asUser({ prompt }: Prompted) {
  return (text: string) => [
    { role: 'user', content: prompt },
    { role: 'assistant', content: 'Which text?' },
    { role: 'user', content: text },
  ]
}

const NOTHING_SAID = 'no response choices received from upstream AI service'

/** Kong: what a model says around it is left out; letters of either case, lines of their own. */
function extractor(pattern: string | null): (said: string) => string | Unmapped {
  if (pattern === null) return (said) => said
  const regex = compileExtract(pattern)
  return (said) => {
    const found = regex.exec(said)?.numbered[0]
    return found ?? unmapped('AI response did not match specified regular expression')
  }
}

function compileExtract(pattern: string): RouteRegex {
  return compilePcreRegex(`(?im)${pattern}`, { anchored: false })
}

/** Why a plugin that rewrites by a model cannot run; undefined when it can. */
export const needsForAsking: Needs = (caps, config) =>
  needsProxy(caps, config, 'http_proxy_host', 'https_proxy_host') ??
  checkTransforming(config) ??
  (isObject(config.llm) ? checkLogin(config.llm) : undefined)

function checkTransforming(config: Readonly<Record<string, unknown>>): string | undefined {
  try {
    const pattern = config.transformation_extract_pattern
    if (typeof pattern === 'string') compileExtract(pattern)
    return undefined
  } catch (error) {
    const why = messageOf(error)
    return `transformation_extract_pattern: ${why}`
  }
}

interface Logged {
  readonly kit: Kit
  readonly llm: LlmConfig
  readonly driver: Driver
  readonly call: Call
}

function logAnswer(
  exchange: Exchange,
  { kit, llm, driver, call }: Logged,
  told: {
    readonly answer: JsonObject
    readonly text: string
    readonly request: string
    readonly latency: number
  },
): void {
  const { answer, text, request, latency } = told
  const about = { config: llm, name: kit.plugin.name, pluginId: kit.plugin.id }
  const responseModel = textAt(answer, 'model')
  // Kong: `cache` is there, and empty.
  const statistics = { usage: toldUsage(answer.usage, { call, latency }), cache: {} }
  const known = { driver, call, responseModel, latency, request, response: text }
  logTold(exchange, about, { ...known, statistics })
}
