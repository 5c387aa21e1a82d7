/** How reading and writing go about it. */
export interface Pace {
  /** Calls under way at once. */
  readonly parallelism: number
  /** Told as work goes on. */
  readonly progress?: ((doing: string, done: number, total: number) => void) | undefined
}

/** Does `work` for each item, so many at once; the first failure ends it when all begun are over. */
export async function inParallel<T>(
  items: readonly T[],
  { parallelism, progress, doing }: Pace & { readonly doing: string },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items].reverse()
  const failures: unknown[] = []
  let done = 0
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) {
      try {
        await work(item)
      } catch (error) {
        failures.push(error)
        left.length = 0
      }
      progress?.(doing, ++done, items.length)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, parallelism) }, worker))
  if (failures.length > 0) throw failures[0]
}
