import type { HeaderList } from '../lib/header-list.ts'
import type { ConnectionOverride, TargetOverride, UpstreamSide } from '../pdk/exchange.ts'
import { clean, ListHeaders, type MutableHeaders } from '../pdk/headers.ts'
import { isOurs } from './headers.ts'

/** What the upstream is going to be asked, as plugins see and change it. */
export class LiveUpstreamSide implements UpstreamSide {
  readonly headers: MutableHeaders
  method: string
  #path: string | undefined
  #rawQuery: string
  readonly #pathOf: () => string
  host: string | undefined
  body: Uint8Array | undefined
  target: TargetOverride | undefined
  connection: ConnectionOverride | undefined
  peerName: string | undefined

  /** `kept` is the list that goes on, with the place for Host in front. */
  constructor(kept: HeaderList, { method, rawQuery, pathOf }: Initial) {
    this.headers = new UpstreamHeaders(kept, this)
    this.method = method
    this.#rawQuery = rawQuery
    this.#pathOf = pathOf
  }

  get path(): string {
    this.#path ??= this.#pathOf()
    return this.#path
  }

  set path(path: string) {
    this.#path = path
  }

  get rawQuery(): string {
    return this.#rawQuery
  }

  set rawQuery(query: string) {
    this.#rawQuery = query
  }

  setHost(host: string): void {
    this.host = clean(host)
  }

  setBody(bytes: Uint8Array): void {
    this.body = bytes
  }

  setTarget(target: TargetOverride): void {
    this.target = target
  }

  setConnection(connection: ConnectionOverride): void {
    this.connection = { ...this.connection, ...connection }
  }
}

/** Host has its own place, and what frames or signs a message is the proxy's. */
class UpstreamHeaders extends ListHeaders {
  readonly #side: LiveUpstreamSide

  constructor(kept: HeaderList, side: LiveUpstreamSide) {
    super(kept)
    this.#side = side
  }

  protected override isWritable(name: string): boolean {
    return !isOurs(name)
  }

  override set(name: string, value: string | readonly string[]): void {
    if (name.length === 4 && name.toLowerCase() === 'host') {
      this.#side.setHost(typeof value === 'string' ? value : (value[0] ?? ''))
    } else super.set(name, value)
  }
}

/** What goes up when no plugin says otherwise. */
interface Initial {
  readonly method: string
  readonly rawQuery: string
  readonly pathOf: () => string
}
