/** As deep as Kong's JSON library reads (cjson's `decode_max_depth`). */
const DEEPEST = 1000

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** What turns a bracket's code into a brace's: `[` and `{` count alike, `]` and `}` too. */
const BRACE_BIT = 0x20
const OPENS = 0x7b
const CLOSES = 0x7d

/**
 * The value a message's body spells; undefined for a text that is no JSON, and for one that nests
 * too deep: runtimes read it, and overflow their stack when it is written again.
 */
export function parseNested(text: string): unknown {
  if (!nestsWithin(text, DEEPEST)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Looked at before it is parsed: deep texts take a hundred times the time of flat ones. */
function nestsWithin(text: string, deepest: number): boolean {
  // What opens has to close again.
  if (text.length <= 2 * deepest) return true
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) at = endOfString(text, at)
    else if ((char | BRACE_BIT) === CLOSES) depth--
    else if ((char | BRACE_BIT) === OPENS && ++depth > deepest) return false
  }
  return true
}

/** Where the string that begins here ends. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (at - first) % 2 === 1
}
