/** A class of a regex, brackets and all, and an escape: what must be skipped as one piece. */
export const CLASS = String.raw`\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]`
export const ESCAPE = String.raw`\\.`

const SKIPPED = new RegExp(`${ESCAPE}|${CLASS}`, 'gs')
const GROUP = /\([^()]*\)/g
const LITERALS = /^(?:[\w\-~%/@:=,;]|\\[./\-~])*/
const MAY_TAKE_BACK = /^[*?{]/

/** What every path that an anchored regex matches starts with; empty when that is not plain to see. */
export function literalPrefix(source: string): string {
  if (hasOuterAlternative(source)) return ''
  const [literals = ''] = LITERALS.exec(source) ?? []
  // A repeated last char may be taken no times.
  const sure = MAY_TAKE_BACK.test(source.slice(literals.length))
    ? literals.replace(/\\?.$/, '')
    : literals
  return sure.replaceAll('\\', '')
}

function hasOuterAlternative(source: string): boolean {
  if (!source.includes('|')) return false
  let outer = source.replace(SKIPPED, '')
  for (let before = ''; before !== outer; ) {
    before = outer
    outer = outer.replace(GROUP, '')
  }
  return outer.includes('|')
}
