import type { Peer } from '../balancer/algorithm.ts'
import type { PeerOutcome } from '../balancer/judge.ts'
import type { Balancer } from '../balancer/picking.ts'
import type { RetryBudget } from './retry-budget.ts'

/** How a try ends whose client has left: nobody's fault. */
export const LEFT: PeerOutcome = { kind: 'left' }

/** What an unheard call holds on to. */
interface Holding {
  readonly balancer: Balancer
  readonly budget: RetryBudget
  readonly now: () => number
}

/**
 * A call whose client's departure is not heard of at once: the platform then runs none of the
 * request's code any more, and the transport tells later. What the call holds is given back by
 * whichever of the two comes first.
 */
export class UnheardCall {
  readonly #holding: Holding
  #peer: Peer | undefined
  /** Took from the retry budget. */
  retried = false
  /** Given up by the transport; what goes on after all has nothing left to give back. */
  lost = false

  constructor(holding: Holding) {
    this.#holding = holding
  }

  /** Which peer is asked now. */
  ask(peer: Peer): void {
    this.#peer = peer
  }

  /** For the transport. */
  readonly giveUp = (): void => {
    if (this.lost) return
    this.lost = true
    const { balancer, budget, now } = this.#holding
    if (this.#peer !== undefined) {
      balancer.observe(this.#peer, LEFT, now())
      balancer.ended(this.#peer)
    }
    budget.leave(this.retried)
  }
}
