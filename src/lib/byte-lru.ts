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

/** The nodes from the one asked for last on. A Map cannot give its oldest cheaply once many have gone. */
interface Order<V> {
  newest: Node<V> | undefined
  oldest: Node<V> | undefined
}

/** Makes one of `limit` bytes; `dropped` is told of each value that goes, whyever. */
export function createByteLru<V>(
  limit: number,
  dropped: (value: V, key: string) => void = () => {},
): ByteLru<V> {
  const nodes = new Map<string, Node<V>>()
  const order: Order<V> = { newest: undefined, oldest: undefined }
  let bytes = 0
  const drop = (node: Node<V> | undefined): boolean => {
    if (node === undefined) return false
    unlink(order, node)
    nodes.delete(node.key)
    bytes -= node.bytes
    dropped(node.value, node.key)
    return true
  }
  return {
    get bytes() {
      return bytes
    },
    get size() {
      return nodes.size
    },
    get: (key) => renewed(order, nodes.get(key))?.value,
    set(key, value, size) {
      drop(nodes.get(key))
      if (size > limit) return
      while (order.oldest !== undefined && bytes + size > limit) drop(order.oldest)
      const node: Node<V> = { key, value, bytes: size, newer: undefined, older: undefined }
      nodes.set(key, node)
      link(order, node)
      bytes += size
    },
    delete: (key) => drop(nodes.get(key)),
    clear() {
      for (const node of Array.from(nodes.values())) drop(node)
    },
  }
}

/** The node itself, which is the newest now. */
function renewed<V>(order: Order<V>, node: Node<V> | undefined): Node<V> | undefined {
  if (node === undefined || node === order.newest) return node
  unlink(order, node)
  link(order, node)
  return node
}

function unlink<V>(order: Order<V>, node: Node<V>): void {
  if (node.newer === undefined) order.newest = node.older
  else node.newer.older = node.older
  if (node.older === undefined) order.oldest = node.newer
  else node.older.newer = node.newer
  node.newer = undefined
  node.older = undefined
}

function link<V>(order: Order<V>, node: Node<V>): void {
  node.older = order.newest
  if (order.newest === undefined) order.oldest = node
  else order.newest.newer = node
  order.newest = node
}
