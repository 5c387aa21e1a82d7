import type { Instruction, Program } from './program.ts'

/**
 * How many steps one match may take. Kong bounds PCRE the same way, by `LIMIT_MATCH`: what takes
 * longer does not match. That is a few thousandths of a second.
 */
const MOST_STEPS = 100_000

/** Where each group begins and ends; -1 for one that took no part. */
export type Spans = Int32Array

interface Run {
  readonly program: Program
  readonly text: string
  readonly slots: Spans
  /** Triples: a place in the code and one in the text to go back to, or a slot and what it held. */
  readonly trail: number[]
  steps: number
}

const FAILED = -1
const GO_BACK = -1

/** Runs a program from the text's start, or from each place in it; undefined when it does not match. */
export function runProgram(program: Program, text: string, anchored: boolean): Spans | undefined {
  const last = anchored ? 0 : text.length
  const run: Run = {
    program,
    text,
    slots: new Int32Array(program.slots),
    trail: [],
    steps: MOST_STEPS,
  }
  for (let start = 0; start <= last && run.steps > 0; start++) {
    run.slots.fill(-1)
    run.trail.length = 0
    const end = follow(run, 0, start)
    if (end === FAILED) continue
    run.slots[0] = start
    run.slots[1] = end
    return run.slots
  }
  return undefined
}

/** Goes on from a place until the next `accept`; tells where the text was read to then. */
function follow(run: Run, from: number, start: number): number {
  const { program, trail } = run
  const base = trail.length
  let at = start
  let next = from
  for (;;) {
    if (--run.steps <= 0) return FAILED
    const instruction = program.code[next]
    if (instruction === undefined || instruction.op === 'accept') return at

    const moved = step(run, instruction, at)
    if (moved !== FAILED) {
      at = moved
      next = after(run, instruction, { at, next })
      continue
    }
    const back = goBack(run, base)
    if (back === undefined) return FAILED
    next = back.next
    at = back.at
  }
}

/** Where the text is read to after an instruction. */
function step(run: Run, instruction: Instruction, at: number): number {
  const { text, trail, slots } = run
  switch (instruction.op) {
    case 'char':
      return at < text.length && instruction.test(text.charCodeAt(at)) ? at + 1 : FAILED
    case 'place':
      return instruction.test(text, at) ? at : FAILED
    case 'reference':
      return afterReference(run, instruction, at)
    case 'alone':
      return afterAlone(run, instruction, at)
    case 'fork':
      trail.push(GO_BACK, instruction.second, at)
      return at
    case 'note':
      trail.push(instruction.slot, slots[instruction.slot] ?? -1, 0)
      slots[instruction.slot] = at
      return at
    default:
      return at
  }
}

/** Which instruction comes after one that did not fail. */
function after(
  { slots }: Run,
  instruction: Instruction,
  { at, next }: { readonly at: number; readonly next: number },
): number {
  switch (instruction.op) {
    case 'fork':
      return instruction.first
    case 'jump':
      return instruction.to
    case 'leave':
      return slots[instruction.slot] === at ? instruction.to : next + 1
    case 'alone':
      return instruction.next
    default:
      return next + 1
  }
}

/** Undoes notes up to the last fork, and tells where that goes on. */
function goBack(run: Run, base: number): { next: number; at: number } | undefined {
  const { trail, slots } = run
  while (trail.length > base) {
    const at = trail.pop() ?? 0
    const value = trail.pop() ?? 0
    const slot = trail.pop() ?? 0
    if (slot === GO_BACK) return { next: value, at }
    slots[slot] = value
  }
  return undefined
}

function afterReference(
  { text, slots }: Run,
  { group, ignoreCase }: { readonly group: number; readonly ignoreCase: boolean },
  at: number,
): number {
  const from = slots[2 * group] ?? -1
  const to = slots[2 * group + 1] ?? -1
  if (from < 0 || to < from) return FAILED
  const wanted = text.slice(from, to)
  const given = text.slice(at, at + wanted.length)
  const isSame = ignoreCase ? given.toLowerCase() === wanted.toLowerCase() : given === wanted
  return isSame ? at + wanted.length : FAILED
}

/** What runs alone keeps its captures and forgets its forks; what must not match leaves nothing. */
function afterAlone(run: Run, instruction: Instruction & { op: 'alone' }, at: number): number {
  const { trail } = run
  const base = trail.length
  const start = at - instruction.back
  const end = start < 0 ? FAILED : follow(run, instruction.body, start)
  if (end === FAILED || instruction.negative) {
    while (goBack(run, base) !== undefined);
    if (run.steps <= 0) return FAILED
    return (end === FAILED) === instruction.negative ? at : FAILED
  }
  forgetForks(trail, base)
  return instruction.look ? at : end
}

function forgetForks(trail: number[], base: number): void {
  let kept = base
  for (let i = base; i < trail.length; i += 3) {
    if (trail[i] === GO_BACK) continue
    for (let j = 0; j < 3; j++) trail[kept + j] = trail[i + j] ?? 0
    kept += 3
  }
  trail.length = kept
}
