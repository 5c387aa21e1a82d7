/**
 * When an ejected peer gets a request again though nobody probes it. In Kong it waits for a person;
 * here no target stays dead for ever. The first trial comes late on purpose: "out until PUT
 * healthy" holds as long as anybody watches, and a client's request is what is risked.
 */
export interface Trial {
  readonly dueAt: number
  readonly pause: number
  /** A request is out whose fate decides. */
  readonly outstanding: boolean
}

const FIRST_PAUSE = 30_000
const LONGEST_PAUSE = 60_000
const NEXT_SUCCESS = 1_000

/** The first chance of a peer that was ejected just now. */
export function firstTrial(now: number): Trial {
  return { dueAt: now + FIRST_PAUSE, pause: FIRST_PAUSE, outstanding: false }
}

/** Gives the chance away; the next one is due after a longer pause, whatever becomes of this. */
export function grantTrial(trial: Trial, now: number): Trial {
  const pause = Math.min(trial.pause * 2, LONGEST_PAUSE)
  return { dueAt: now + pause, pause, outstanding: true }
}

/** A chance that was missed. */
export function trialFailed(trial: Trial): Trial {
  return { ...trial, outstanding: false }
}

/** A chance that was taken, when more than one success is asked for. */
export function trialPassed(trial: Trial, now: number): Trial {
  return { ...trial, dueAt: now + NEXT_SUCCESS, outstanding: false }
}
