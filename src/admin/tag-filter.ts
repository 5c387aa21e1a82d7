import { entityErrors } from '../schema/entity-error.ts'
import type { TagFilter } from '../store/page.ts'
import type { Query } from './query.ts'

const MAX_TAGS = 5
const INVALID = 'invalid filter syntax'
/** Kong: behind the last separator there need be no tag, before each there is one. */
const EMPTY_TAG = /^[,/]|[,/]{2}/

/** The text of `?tags=`, undefined when it is not asked for; throws Kong's code 11 for an empty one. */
export function tagsIn(query: Query): string | undefined {
  const text = query.first('tags')
  if (text === '' || text === true) throw entityErrors.invalidOptions({ tags: 'cannot be null' })
  return text
}

/** Reads `a,b` (all) or `a/b` (any); throws Kong's code 11 for what is neither. */
export function tagFilterOf(text: string): TagFilter {
  const mixed = text.includes(',') && text.includes('/')
  if (!isTagText(text) || mixed || EMPTY_TAG.test(text)) {
    throw entityErrors.invalidOptions({ tags: INVALID })
  }
  const mode = text.includes('/') ? 'any' : 'all'
  const tags = text.split(mode === 'any' ? '/' : ',')
  if (tags.length > MAX_TAGS) {
    throw entityErrors.invalidOptions({ tags: `cannot query more than ${MAX_TAGS} tags` })
  }
  return { mode, tags }
}

/** Whether every character may stand in a tag or between two: printable ASCII and any other Unicode. */
export function isTagText(text: string): boolean {
  return /^[\x20-\x7e\u0080-\u{10ffff}]+$/u.test(text)
}
