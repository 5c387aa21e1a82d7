/** Values by key, as many as fit into so many bytes; whatever was not asked for longest goes first. */
export interface ByteLru<V> {
  readonly bytes: number
  readonly size: number
  get(key: string): V | undefined
  /** Keeps a value; one that would take more than all there is, is not kept. */
  set(key: string, value: V, bytes: number): void
  delete(key: string): boolean
  clear(): void
}

interface Node<V> {
  readonly key: string
  readonly value: V
  readonly bytes: number
  newer: Node<V> | undefined
  older: Node<V> | undefined
}

/** Makes one of `limit` bytes; `dropped` is told of each value that goes, whyever. */
export function createByteLru<V>(
  limit: number,
  dropped: (value: V, key: string) => void = () => {},
): ByteLru<V> {
  const nodes = new Map<string, Node<V>>()
  // A list of its own: a Map cannot give its oldest cheaply once many have gone.
  let newest: Node<V> | undefined
  let oldest: Node<V> | undefined
  let bytes = 0

  const unlink = (node: Node<V>): void => {
    if (node.newer === undefined) newest = node.older
    else node.newer.older = node.older
    if (node.older === undefined) oldest = node.newer
    else node.older.newer = node.newer
    node.newer = undefined
    node.older = undefined
  }
  const link = (node: Node<V>): void => {
    node.older = newest
    if (newest === undefined) oldest = node
    else newest.newer = node
    newest = node
  }
  const drop = (node: Node<V>): void => {
    unlink(node)
    nodes.delete(node.key)
    bytes -= node.bytes
    dropped(node.value, node.key)
  }

  return {
    get bytes() {
      return bytes
    },
    get size() {
      return nodes.size
    },
    get(key) {
      const node = nodes.get(key)
      if (node === undefined) return undefined
      if (node !== newest) {
        unlink(node)
        link(node)
      }
      return node.value
    },
    set(key, value, size) {
      const before = nodes.get(key)
      if (before !== undefined) drop(before)
      if (size > limit) return
      while (oldest !== undefined && bytes + size > limit) drop(oldest)
      const node: Node<V> = { key, value, bytes: size, newer: undefined, older: undefined }
      nodes.set(key, node)
      link(node)
      bytes += size
    },
    delete(key) {
      const node = nodes.get(key)
      if (node !== undefined) drop(node)
      return node !== undefined
    },
    clear() {
      for (const node of Array.from(nodes.values())) drop(node)
    },
  }
}
