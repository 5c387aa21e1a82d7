import type { HeaderList } from '../../lib/header-list.ts'
import type { RecordOf } from '../../schema/entity.ts'
import type { JsonObject } from './json-reading.ts'
import type { llmFields } from './llm-fields.ts'
import type { ServerEvent } from './server-events.ts'

/** What ai-proxy and the transformers are told of a model. */
export type LlmConfig = RecordOf<typeof llmFields>

/** Which of OpenAI's questions clients ask. */
export type RouteType = LlmConfig['route_type']

/** How a model is to be asked. */
export type ModelOptions = Partial<NonNullable<LlmConfig['model']['options']>>

/** A model for one request: what was left open is filled in. */
export interface Model {
  readonly provider: LlmConfig['model']['provider']
  readonly name: string
  readonly options: ModelOptions
}

/** One question to a model. */
export interface Call {
  readonly model: Model
  readonly route: RouteType
  readonly streaming: boolean
}

/** Why something cannot be put in other words. */
export interface Unmapped {
  readonly error: string
}

/** Tokens as a provider counts them. */
export interface Usage {
  readonly prompt?: number | undefined
  readonly completion?: number | undefined
}

/** What becomes of one event of a stream. */
export interface MappedEvent {
  /** The data of the event that goes on; none does when it is absent. */
  readonly data?: string | undefined
  readonly usage?: Usage | undefined
}

/** Puts the events of one stream in OpenAI's words. */
export type EventMapper = (event: ServerEvent) => MappedEvent

/** One provider: how it is asked, and what its answers mean in OpenAI's words. */
export interface Driver {
  /** Where it is asked when no `upstream_url` says so. */
  readonly url: (call: Call) => string
  /** Whether `upstream_path` is in its `url` already. */
  readonly pathInUrl?: true
  /** Whether `upstream_path` counts beside an `upstream_url`. */
  readonly pathOverUrl?: true
  /** What `upstream_url` is taken for; the whole address unless said. */
  readonly urlFor?: (url: string, call: Call) => string
  readonly headers?: (call: Call) => HeaderList
  /** Arguments it needs in the query unless the client sends them. */
  readonly query?: (call: Call) => readonly (readonly [name: string, value: string])[]
  readonly request: (body: JsonObject, call: Call) => JsonObject | Unmapped
  /** An answer in OpenAI's words; the very same one when it is in them already. */
  readonly answer: (answer: unknown, call: Call) => JsonObject | Unmapped
  /** Why an answer is none that a body may be made of; Kong looks there for transformers alone. */
  readonly breached?: (answer: unknown) => string | undefined
  /** Absent for a provider or a route that has no streams we know. */
  readonly events: (call: Call) => EventMapper | undefined
  /** Whether a model is told nothing by a system. */
  readonly takesNoSystem?: (model: Model) => boolean
  /** Why a status is a refusal, where that is not told as everywhere; for transformers alone. */
  readonly refusal?: (status: number) => string
  /** What is told of it in the log beside the rest. */
  readonly meta?: (call: Call) => JsonObject
}

/** Whether it is the reason why not. */
export function isUnmapped(value: object): value is Unmapped {
  return unmappedReasons.has(value)
}

// By identity: an answer may well have a member `error`.
const unmappedReasons = new WeakSet<object>()

/** Says why something cannot be put in other words. */
export function unmapped(error: string): Unmapped {
  const reason = { error }
  unmappedReasons.add(reason)
  return reason
}

/** The data of the event that ends a stream. */
export const DONE = '[DONE]'
