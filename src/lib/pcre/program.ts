import { type CharTest, type Node, type Pattern, PcreError, type PlaceTest } from './syntax.ts'

/** One step of a program. */
export type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'place'; readonly test: PlaceTest }
  /** Goes on at `first`, and at `second` should that fail. */
  | { readonly op: 'fork'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  /** Notes where the text has been read to. */
  | { readonly op: 'note'; readonly slot: number }
  /** Leaves a loop that took nothing in its last turn. */
  | { readonly op: 'leave'; readonly slot: number; to: number }
  | { readonly op: 'reference'; readonly group: number; readonly ignoreCase: boolean }
  /** Runs what follows up to its `accept` on its own, then goes on at `next`. */
  | {
      readonly op: 'alone'
      readonly look: boolean
      readonly negative: boolean
      /** How many chars before here it begins. */
      readonly back: number
      readonly body: number
      next: number
    }
  | { readonly op: 'accept' }

/** A pattern ready to run. */
export interface Program {
  readonly code: readonly Instruction[]
  /** Two for each group, then one for each loop. */
  readonly slots: number
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

const MOST_STEPS = 20_000

/** Compiles a pattern; throws a PcreError when it would be too large. */
export function programOf({ root, groups, names }: Pattern): Program {
  const draft: Draft = { code: [], slots: 2 * (groups + 1) }
  emit(draft, root)
  push(draft, { op: 'accept' })
  return { code: draft.code, slots: draft.slots, groups, names }
}

interface Draft {
  readonly code: Instruction[]
  slots: number
}

function push<I extends Instruction>({ code }: Draft, instruction: I): I {
  if (code.length >= MOST_STEPS) throw new PcreError('regular expression is too large', 0)
  code.push(instruction)
  return instruction
}

function emit(draft: Draft, node: Node): void {
  switch (node.kind) {
    case 'char':
      push(draft, { op: 'char', test: node.test })
      return
    case 'place':
      push(draft, { op: 'place', test: node.test })
      return
    case 'reference':
      push(draft, { op: 'reference', group: node.group, ignoreCase: node.ignoreCase })
      return
    case 'sequence':
      for (const item of node.items) emit(draft, item)
      return
    case 'choice':
      emitChoice(draft, node.options)
      return
    case 'group':
      push(draft, { op: 'note', slot: 2 * node.number })
      emit(draft, node.body)
      push(draft, { op: 'note', slot: 2 * node.number + 1 })
      return
    case 'atomic':
      emitAlone(draft, node.body, { look: false, negative: false, back: 0 })
      return
    case 'look':
      emitLook(draft, node)
      return
    case 'repeat':
      emitRepeat(draft, node)
  }
}

function emitChoice(draft: Draft, options: readonly Node[]): void {
  const jumps: { to: number }[] = []
  for (const option of options.slice(0, -1)) {
    const fork = push(draft, { op: 'fork', first: 0, second: 0 })
    fork.first = draft.code.length
    emit(draft, option)
    jumps.push(push(draft, { op: 'jump', to: 0 }))
    fork.second = draft.code.length
  }
  const last = options.at(-1)
  if (last !== undefined) emit(draft, last)
  for (const jump of jumps) jump.to = draft.code.length
}

interface Alone {
  readonly look: boolean
  readonly negative: boolean
  readonly back: number
}

function emitAlone(draft: Draft, body: Node, alone: Alone): void {
  const instruction = push(draft, { op: 'alone', ...alone, body: draft.code.length + 1, next: 0 })
  emit(draft, body)
  push(draft, { op: 'accept' })
  instruction.next = draft.code.length
}

function emitLook(draft: Draft, node: Node & { readonly kind: 'look' }): void {
  const { negative, behind, body } = node
  if (!behind) {
    emitAlone(draft, body, { look: true, negative, back: 0 })
    return
  }
  // Each option has a length of its own: looking behind is looking ahead from so far back.
  const looks = (body.kind === 'choice' ? body.options : [body]).map((option): Node => {
    return { kind: 'look', behind: false, negative, body: option }
  })
  const emitOne = (look: Node) => {
    if (look.kind !== 'look') return
    const back = widthOf(look.body)
    if (back === undefined) throw new PcreError('lookbehind assertion is not fixed length', 0)
    emitAlone(draft, look.body, { look: true, negative, back })
  }
  if (negative || looks.length === 1) for (const look of looks) emitOne(look)
  else emitOptions(draft, looks, emitOne)
}

function emitOptions(draft: Draft, looks: readonly Node[], emitOne: (look: Node) => void): void {
  const jumps: { to: number }[] = []
  for (const [i, look] of looks.entries()) {
    const isLast = i === looks.length - 1
    const fork = isLast ? undefined : push(draft, { op: 'fork', first: 0, second: 0 })
    if (fork !== undefined) fork.first = draft.code.length
    emitOne(look)
    if (!isLast) jumps.push(push(draft, { op: 'jump', to: 0 }))
    if (fork !== undefined) fork.second = draft.code.length
  }
  for (const jump of jumps) jump.to = draft.code.length
}

function emitRepeat(draft: Draft, node: Node & { readonly kind: 'repeat' }): void {
  const { body, min, max, greed } = node
  if (greed === 'possessive') {
    emitAlone(draft, { ...node, greed: 'greedy' }, { look: false, negative: false, back: 0 })
    return
  }
  for (let i = 0; i < min; i++) emit(draft, body)
  if (max === Number.POSITIVE_INFINITY) {
    emitLoop(draft, body, greed === 'lazy')
    return
  }
  const forks: { first: number; second: number }[] = []
  for (let i = min; i < max; i++) {
    forks.push(push(draft, { op: 'fork', first: draft.code.length + 1, second: 0 }))
    emit(draft, body)
  }
  for (const fork of forks) point(fork, { out: draft.code.length, lazy: greed === 'lazy' })
}

function emitLoop(draft: Draft, body: Node, lazy: boolean): void {
  const start = draft.code.length
  const fork = push(draft, { op: 'fork', first: start + 1, second: 0 })
  const slot = draft.slots++
  push(draft, { op: 'note', slot })
  emit(draft, body)
  const leave = push(draft, { op: 'leave', slot, to: 0 })
  push(draft, { op: 'jump', to: start })
  leave.to = draft.code.length
  point(fork, { out: draft.code.length, lazy })
}

function point(
  fork: { first: number; second: number },
  { out, lazy }: { readonly out: number; readonly lazy: boolean },
): void {
  fork.second = out
  if (lazy) [fork.first, fork.second] = [fork.second, fork.first]
}

/** How many chars a node takes, when that is always the same. */
function widthOf(node: Node): number | undefined {
  switch (node.kind) {
    case 'char':
      return 1
    case 'place':
    case 'look':
      return 0
    case 'group':
    case 'atomic':
      return widthOf(node.body)
    case 'sequence':
      return node.items.reduce<number | undefined>((sum, item) => plus(sum, widthOf(item)), 0)
    case 'choice': {
      const widths = new Set(node.options.map(widthOf))
      return widths.size === 1 ? [...widths][0] : undefined
    }
    case 'repeat': {
      const width = widthOf(node.body)
      return node.min === node.max && width !== undefined ? width * node.min : undefined
    }
    case 'reference':
      return undefined
  }
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
