import type { Exchange } from './exchange.ts'
import type { Exit } from './exit.ts'
import type { Handshake } from './handshake.ts'
import type { Refused, Session } from './session.ts'

// biome-ignore lint/suspicious/noConfusingVoidType: a hook that gives nothing need not say so
type Nothing = undefined | void

/** What a hook gives: nothing to go on, an answer to end with. Only a promise is awaited. */
export type Outcome = Exit | Nothing | Promise<Exit | Nothing>

/** What `preread` gives: nothing to go on, or how the session ends. */
export type Admission = Refused | Nothing | Promise<Refused | Nothing>

/** A plugin prepared for one configuration of it. Hooks of one phase run by priority. */
export interface Hooks {
  /**
   * A TLS handshake asks for a name, in lower case, that no certificate is stored for; it is shown the
   * default one, and waits for nothing. Of global plugins alone.
   */
  readonly certificate?: (serverName: string) => void
  /**
   * At each TLS handshake with a listener of requests or of streams, as the protocols of the
   * configuration are, before a certificate is shown; it waits for nothing. False ends it. Of
   * global plugins alone.
   */
  readonly handshake?: (handshake: Handshake) => boolean
  /** Before a route is known; of global plugins alone. */
  readonly rewrite?: (exchange: Exchange) => Outcome
  /** Before the upstream is asked; an answer ends the phase. */
  readonly access?: (exchange: Exchange) => Outcome
  /** With the head of an answer, whoever made it; an answer given here replaces it. */
  readonly response?: (exchange: Exchange) => Outcome
  /** After the answer has left, or was cut. */
  readonly log?: (exchange: Exchange) => void
  /** Of streams: before the upstream is asked, once a session; a refusal ends it. */
  readonly preread?: (session: Session) => Admission
  /** Of streams: after the session has ended, or was refused. */
  readonly logSession?: (session: Session) => void
  /** When the configuration is replaced or removed, and when the gateway closes before that is over. */
  readonly close?: (why: Closing) => Promise<void> | void
}

/** There is time for what is left while the gateway goes on, and hardly any once that is over. */
export type Closing = 'replaced' | 'over'
