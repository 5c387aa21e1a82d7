import { setOwn } from '../schema/field.ts'
import { plainScalar } from './yaml-scalar.ts'

/** Thrown where the quick reader leaves the judgement to the full parser. */
export class Unsure extends Error {}

/** Characters and marks that the quick reader knows nothing of. */
export function isUnfit(text: string): boolean {
  return UNFIT.test(text)
}

const UNFIT =
  /[^\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|^(?:\.\.\.|%|---.)/m

const KEY = /^(?:([A-Za-z_][\w./-]*)|"([^"\\]*)"|'([^']*)'):(?: +|$)/

/** `name: rest`, when that is what a line says. */
export function splitKey(text: string): { key: string; rest: string } | undefined {
  const found = KEY.exec(text)
  if (found === null) return undefined
  const [whole, plain, double, single] = found
  return { key: plain ?? double ?? single ?? '', rest: text.slice(whole.length) }
}

/** The value a line ends with; brackets in it may nest that deep. */
export function readInline(text: string, depth: number): unknown {
  if (text.startsWith('[') || text.startsWith('{')) {
    const flow: Flow = { text, at: 0 }
    const value = readFlow(flow, depth)
    if (!COMMENT.test(text.slice(flow.at))) throw new Unsure()
    return value
  }
  const quoted = readQuoted(text, 0)
  if (quoted !== undefined) {
    if (!COMMENT.test(text.slice(quoted.end))) throw new Unsure()
    return quoted.value
  }
  const comment = text.indexOf(' #')
  return resolve(comment < 0 ? text : text.slice(0, comment).replace(/ +$/, ''))
}

/** What may stand behind a value. */
const COMMENT = /^(?: +#.*| *)$/

const DOUBLE = /"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*)"/y
const SINGLE = /'((?:[^']|'')*)'/y

function readQuoted(text: string, at: number): { value: string; end: number } | undefined {
  const mark = text[at]
  if (mark !== '"' && mark !== "'") return undefined
  const quoted = mark === '"' ? DOUBLE : SINGLE
  quoted.lastIndex = at
  const [whole, inner] = quoted.exec(text) ?? []
  if (whole === undefined || inner === undefined) throw new Unsure()
  const end = at + whole.length
  if (mark === "'") return { value: inner.replaceAll("''", "'"), end }
  return { value: inner.includes('\\') ? String(JSON.parse(whole)) : inner, end }
}

/** What a plain scalar may begin with: nothing that means something else to YAML. */
const BEGINNING = /^(?:[A-Za-z0-9_./~$^(+\\=;<]|-[\w.])/

/** Gives a plain scalar its type. */
function resolve(text: string): unknown {
  if (!BEGINNING.test(text) || text.includes(': ') || text.endsWith(':')) throw new Unsure()
  return plainScalar(text)
}

interface Flow {
  readonly text: string
  at: number
}

const PLAIN_IN_FLOW = /[^\s,[\]{}"'#&*!|>%@`?][^,[\]{}"'#]*/y

function readFlow(flow: Flow, depth: number): unknown {
  const { text } = flow
  const mark = text[flow.at]
  if (mark === '[') return readFlowList(flow, depth)
  if (mark === '{') return readFlowMap(flow, depth)
  const quoted = readQuoted(text, flow.at)
  if (quoted !== undefined) {
    flow.at = quoted.end
    return quoted.value
  }
  PLAIN_IN_FLOW.lastIndex = flow.at
  const [plain] = PLAIN_IN_FLOW.exec(text) ?? []
  if (plain === undefined) throw new Unsure()
  flow.at += plain.length
  return resolve(plain.replace(/ +$/, ''))
}

function readFlowList(flow: Flow, depth: number): unknown[] {
  const items: unknown[] = []
  readMembers(flow, { depth, close: ']' }, () => items.push(readFlow(flow, depth - 1)))
  return items
}

function readFlowMap(flow: Flow, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  readMembers(flow, { depth, close: '}' }, () => {
    const { key, rest } = splitKey(flow.text.slice(flow.at)) ?? { key: '', rest: '' }
    if (rest === '' || Object.hasOwn(object, key)) throw new Unsure()
    flow.at = flow.text.length - rest.length
    setOwn(object, key, readFlow(flow, depth - 1))
  })
  return object
}

/** Reads between brackets, with one comma between two members and none behind the last. */
function readMembers(
  flow: Flow,
  { depth, close }: { readonly depth: number; readonly close: string },
  readMember: () => void,
): void {
  if (depth <= 0) throw new Unsure()
  flow.at++
  skipSpaces(flow)
  while (flow.text[flow.at] !== close) {
    readMember()
    skipSpaces(flow)
    if (flow.text[flow.at] === close) break
    if (flow.text[flow.at] !== ',') throw new Unsure()
    flow.at++
    skipSpaces(flow)
    if (flow.text[flow.at] === close) throw new Unsure()
  }
  flow.at++
}

function skipSpaces(flow: Flow): void {
  while (flow.text[flow.at] === ' ') flow.at++
}
