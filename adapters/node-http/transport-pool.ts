/** What a pool keeps. */
export interface Poolable {
  readonly key: string
  /** Still open, as far as events have told. */
  readonly usable: boolean
  destroy(): void
}

/** Idle connections, the last used first: the coldest ones time out. */
export interface Pool<C extends Poolable> {
  take(key: string): C | undefined
  put(connection: C): void
  remove(connection: C): void
  /** Destroys the idle ones; what is put later is destroyed too. */
  close(): void
}

/** Makes an empty pool; of one key it keeps so many, those used last. */
export function createPool<C extends Poolable>(most = Number.POSITIVE_INFINITY): Pool<C> {
  const idle = new Map<string, C[]>()
  let closed = false

  return {
    take(key) {
      const stack = idle.get(key)
      if (stack === undefined) return undefined
      for (;;) {
        const connection = stack.pop()
        if (connection === undefined || connection.usable) return connection
      }
    },
    put(connection) {
      if (closed) {
        connection.destroy()
        return
      }
      const stack = idle.get(connection.key)
      if (stack === undefined) {
        idle.set(connection.key, [connection])
        return
      }
      stack.push(connection)
      if (stack.length > most) stack.shift()?.destroy()
    },
    remove(connection) {
      const stack = idle.get(connection.key)
      const at = stack?.lastIndexOf(connection) ?? -1
      if (stack === undefined || at === -1) return
      stack.splice(at, 1)
      if (stack.length === 0) idle.delete(connection.key)
    },
    close() {
      closed = true
      for (const stack of idle.values()) for (const connection of [...stack]) connection.destroy()
      idle.clear()
    },
  }
}
