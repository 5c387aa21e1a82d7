import type { HeaderList } from '../../lib/header-list.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, UNEXPECTED } from '../../pdk/exit.ts'
import type { Hooks } from '../../pdk/hooks.ts'
import type { Kit } from '../../pdk/kit.ts'
import { configuredRefusal } from '../answers/configured-refusal.ts'
import { identifierOf, type Telling } from './identifier.ts'
import { bookKey, type Keeping, limitsIn, openSyncedTally, openTally } from './open-tally.ts'
import { type Counts, isFull, type PeriodLimit, type Tally } from './tally.ts'
import { usageHeaders } from './usage-headers.ts'

/** What rate-limiting is told. */
export interface RateConfig
  extends Keeping,
    Telling,
    Readonly<Record<PeriodLimit['period'], number | null>> {
  readonly fault_tolerant: boolean
  readonly hide_client_headers: boolean
  readonly error_code: number | null
  readonly error_message: string | null
  readonly sync_rate: number
}

/** Makes the hooks that let so many requests pass in each period. */
export function limitRate(config: RateConfig, kit: Kit): Hooks {
  const { runtime } = kit
  const limits = limitsIn(config)
  const tally = tallyFor(config, kit, limits)
  const identify = identifierOf(config)
  const told = usageHeaders(limits)
  const refuse = refuser(config)
  const key = {}

  const decide = (exchange: Exchange, before: Counts, now: number): Exit | undefined => {
    const full = isFull({ limits }, before)
    if (config.hide_client_headers) return full ? refuse() : undefined
    const { headers, reset } = told(before, now)
    if (full) headers.push('Retry-After', `${reset}`)
    exchange.shared.set(key, headers)
    return full ? refuse() : undefined
  }
  const failed = (error: unknown): Exit | undefined => {
    runtime.log('error', 'Cannot count requests', { plugin: 'rate-limiting', error })
    return config.fault_tolerant ? undefined : UNEXPECTED
  }

  return {
    access(exchange) {
      const now = runtime.now()
      const taken = tally.take(identify(exchange), now)
      if (!(taken instanceof Promise)) return decide(exchange, taken, now)
      return taken.then((before) => decide(exchange, before, now), failed)
    },
    response(exchange) {
      setAll(exchange, exchange.shared.get(key))
      return undefined
    },
    close: () => tally.close?.(),
  }
}

function tallyFor(
  config: RateConfig,
  kit: Kit,
  limits: readonly PeriodLimit[],
): Pick<Tally, 'take' | 'close'> {
  const book = { key: bookKey('ratelimit', kit.plugin), name: '', limits }
  if (config.policy === 'redis' && config.sync_rate > 0) {
    return openSyncedTally({ redis: config.redis, seconds: config.sync_rate }, kit, book)
  }
  return openTally(config, kit, book)
}

function refuser({ error_code: code, error_message: message }: RateConfig): () => Exit {
  const exit = configuredRefusal(code ?? 429, message ?? 'API rate limit exceeded')
  return () => exit
}

function setAll({ response }: Exchange, headers: unknown): void {
  if (!Array.isArray(headers)) return
  const list: HeaderList = headers
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    response.headers.set(list[i] as string, list[i + 1] as string)
  }
}
