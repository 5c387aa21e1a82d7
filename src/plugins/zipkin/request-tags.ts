/** Tags that a client has sent, and what could not be read of them. */
export interface RequestTags {
  readonly tags: Readonly<Record<string, string>>
  readonly wrong: readonly string[]
}

const TAG = /^\s*(\S+)\s*=\s*(.*\S)\s*$/

/** Reads `a=b; c=d` from each value of the header. */
export function readRequestTags(values: readonly string[]): RequestTags {
  const tags: [string, string][] = []
  const wrong: string[] = []
  for (const item of values.flatMap((value) => value.split(';'))) {
    const [, name, value] = TAG.exec(item) ?? []
    if (name !== undefined && value !== undefined) tags.push([name, value])
    else if (item !== '') wrong.push(item)
  }
  return { tags: Object.fromEntries(tags), wrong }
}
