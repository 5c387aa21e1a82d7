/** The pattern of a class in a regex, brackets and all. */
export const CLASS = String.raw`\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]`

const SKIPPED = new RegExp(String.raw`\\.|${CLASS}`, 'gs')
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
