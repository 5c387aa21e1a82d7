interface Element {
  readonly atom: string
  readonly optional: boolean
  /** Whether it may take a varying number of chars. */
  readonly varies: boolean
}

const OPEN = String.raw`(?<open>\((?!\?)|\(\?:|\(\?P?<[A-Za-z_]\w*>)`
const ESCAPE = String.raw`\\[dDwWsS]|\\[^\w\s<>]`
const CLASS = String.raw`\[\^?(?:${ESCAPE}|[^\]\[\\^])+\]`
const ATOM = String.raw`(?<atom>${ESCAPE}|${CLASS}|[^\\^$.|?*+()[\]{}]|\.)`
const REPEAT = String.raw`(?<repeat>(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??)?`
const TOKEN = new RegExp(String.raw`${OPEN}|(?<close>\))|${ATOM}${REPEAT}|\$$`, 'y')

// Control and non-ASCII chars, and the set operations Rust reads in classes, are left to re2js.
const NOT_SIMPLE = /[^ -~]|&&|--|~~|\[:/
const SAMPLES = [...Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)), '\xa0', 'é']

/**
 * The same pattern for the native engine when it provably takes linear time from a fixed start, else
 * undefined.
 *
 * The proof: a simple pattern is a plain sequence, groups are not repeated and there are no
 * alternatives, so an engine can only go back into an element whose length varies. The char such an
 * element gives back is one it had taken; each element that could come next, up to the first that must
 * come, is disjoint from it (or the pattern ends there). So each step back fails at once, and there
 * are at most as many as chars.
 */
export function simplePattern(source: string): string | undefined {
  if (NOT_SIMPLE.test(source)) return undefined

  const elements: Element[] = []
  let pattern = ''
  for (let at = 0; at < source.length; ) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(source)
    if (token === null) return undefined
    at = TOKEN.lastIndex
    pattern += translate(token)
    const atom = token.groups?.atom
    if (atom !== undefined) elements.push(elementOf(atom, token.groups?.repeat ?? ''))
  }
  return elements.every((_, i) => isDecided(elements, i)) ? pattern : undefined
}

/** Named groups and the dot differ between the dialects: a dot there is all but a line feed. */
function translate(token: RegExpExecArray): string {
  if (token[0].startsWith('(?P<')) return `(?<${token[0].slice(4)}`
  if (token.groups?.atom === '.') return `[^\\n]${token[0].slice(1)}`
  return token[0]
}

function elementOf(atom: string, repeat: string): Element {
  return {
    atom: atom === '.' ? '[^\\n]' : atom,
    optional: /^(?:[*?]|\{0+[,}])/.test(repeat),
    varies: repeat !== '' && !/^\{\d+\}/.test(repeat),
  }
}

function isDecided(elements: readonly Element[], index: number): boolean {
  const element = elements[index]
  if (element === undefined || !element.varies) return true
  for (const next of elements.slice(index + 1)) {
    if (overlaps(element.atom, next.atom)) return false
    if (!next.optional) return true
  }
  return true
}

function overlaps(a: string, b: string): boolean {
  const inA = new RegExp(`^${a}$`)
  const inB = new RegExp(`^${b}$`)
  return SAMPLES.some((char) => inA.test(char) && inB.test(char))
}
