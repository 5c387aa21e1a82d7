import type { Content } from '../http/content.ts'
import type { Client, Consumer, Credential, Exchange, Named } from '../pdk/exchange.ts'
import type { Hooks } from '../pdk/hooks.ts'
import type { LogRecord, TryRecord } from '../pdk/log-record.ts'
import type { ClientTls } from '../ports/server.ts'
import type { Chain } from '../snapshot/chain.ts'
import { LiveAnswerSide, type Made } from './answer-side.ts'
import { type Asked, LiveClientSide } from './client-side.ts'
import type { Passing } from './passing.ts'
import { upstreamPathOf } from './plan.ts'
import { type Tried, tryRecord } from './try-record.ts'
import { LiveUpstreamSide } from './upstream-side.ts'

/** What a record is made of beside the exchange itself. */
export type Recorder = (exchange: LiveExchange) => LogRecord

/** One request on its way, as plugins see it, and what they made of it, as the proxy sees it. */
export class LiveExchange implements Exchange, Client {
  readonly #passing: Passing
  #asked: Asked
  readonly request: LiveClientSide
  readonly upstream: LiveUpstreamSide
  readonly maxQueryArgs: number
  readonly #record: Recorder
  #response: LiveAnswerSide | undefined
  #shared: Map<unknown, unknown> | undefined
  #tried: Tried[] | undefined
  consumer: Consumer | undefined
  credential: Credential | undefined
  /** What runs with the answer and after it. */
  hooks: readonly Hooks[]
  /** Whether any of it looks at an answer. */
  attentive: boolean
  readonly progress: Progress = {
    kong: undefined,
    upstream: undefined,
    endedAt: undefined,
    sent: 0,
  }

  constructor({ passing, asked, record, chain, maxQueryArgs }: ExchangeParts) {
    this.#passing = passing
    this.#asked = asked
    this.#record = record
    this.maxQueryArgs = maxQueryArgs
    this.hooks = chain.hooks
    this.attentive = chain.attentive
    const { read } = asked
    this.upstream = new LiveUpstreamSide(read.client.kept, {
      method: passing.request.method,
      rawQuery: read.target.query.slice(1),
      pathOf: () => pathFor(this.#asked, passing),
    })
    this.request = new LiveClientSide(passing.request, this)
  }

  get asked(): Asked {
    return this.#asked
  }

  /** A route was found; what rewriting plugins did stays. */
  routed(asked: Asked, chain: Chain): void {
    this.#asked = asked
    this.attentive = chain.attentive
  }

  get id(): string {
    return this.#passing.id
  }

  get startedAt(): number {
    return this.#passing.startedAt
  }

  get passing(): Passing {
    return this.#passing
  }

  get route(): Named | undefined {
    return this.#passing.route
  }

  get service(): Named | undefined {
    return this.#passing.service
  }

  get client(): Client {
    return this
  }

  get ip(): string {
    return this.asked.origin.ip
  }

  get peerIp(): string {
    return this.#passing.request.ip
  }

  get port(): number {
    return this.#passing.request.port
  }

  get forwardedPort(): number | undefined {
    return this.asked.origin.clientPort
  }

  get tls(): ClientTls | undefined {
    return this.#passing.request.tls
  }

  authenticate(consumer: Consumer | undefined, credential: Credential | undefined): void {
    this.consumer = consumer
    this.credential = credential
  }

  get shared(): Map<unknown, unknown> {
    this.#shared ??= new Map()
    return this.#shared
  }

  get response(): LiveAnswerSide {
    if (this.#response === undefined) throw new Error('there is no answer yet')
    return this.#response
  }

  /** The answer is there. */
  answered(content: Content, made: Made): void {
    this.#response = new LiveAnswerSide(content, made)
  }

  get isAnswered(): boolean {
    return this.#response !== undefined
  }

  /** A peer was tried. Written down only where somebody asks. */
  tried(one: Tried): void {
    if (this.#tried === undefined) this.#tried = [one]
    else this.#tried.push(one)
    this.upstream.peerName = one.name
  }

  get tries(): readonly TryRecord[] {
    return (this.#tried ?? []).map(tryRecord)
  }

  record(): LogRecord {
    return this.#record(this)
  }

  /** Whose hash decides where it goes. */
  get identity(): string | undefined {
    return this.consumer?.id ?? this.credential?.id
  }
}

/** How far it has come. */
export interface Progress {
  /** Whole milliseconds that were ours, and those the upstream took to answer. */
  kong: number | undefined
  upstream: number | undefined
  /** When the answer had left. */
  endedAt: number | undefined
  /** Bytes of the answer, its head included. */
  sent: number
}

interface ExchangeParts {
  readonly passing: Passing
  readonly asked: Asked
  readonly record: Recorder
  readonly chain: Chain
  readonly maxQueryArgs: number
}

function pathFor({ match, read }: Asked, { route, service }: Passing): string {
  if (match === undefined || route === undefined) return read.target.rawPath
  return upstreamPathOf({ route, prefix: match.prefix }, service, read)
}
