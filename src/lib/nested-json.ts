/** As deep as Kong's JSON library reads (cjson's `decode_max_depth`). */
const DEEPEST = 1000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACKET = 0x5b
const BRACE = 0x7b
/** What closes has the code of what opens it, and 2. */
const CLOSES = 2

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

function nestsWithin(text: string, deepest: number): boolean {
  // What opens has to close again.
  if (text.length <= 2 * deepest) return true
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) at = endOfString(text, at)
    else if (char === BRACKET || char === BRACE) depth++
    else if (char === BRACKET + CLOSES || char === BRACE + CLOSES) depth--
    if (depth > deepest) return false
  }
  return true
}

/** Where the string that begins here ends. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  }
  return at
}
