const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)$/

/** Reads `sms=2, video=1` as the upstream tells it; names that have no limit, and no numbers, are left out. */
export function toldUses(
  values: readonly string[],
  isLimited: (name: string) => boolean,
): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const part of values.flatMap((value) => value.split(','))) {
    const [name = '', count = '', ...rest] = part.split('=').map((text) => text.trim())
    if (rest.length === 0 && isLimited(name) && NUMBER.test(count)) uses.set(name, Number(count))
  }
  return uses
}
