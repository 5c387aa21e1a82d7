import type { Wire } from './wire.ts'

/** Two ends in one process. A message is text on its way, as between processes. */
export function wirePair(): readonly [Wire, Wire & { close(): void }] {
  const left = createEnd()
  const right = createEnd()
  left.other = right
  right.other = left
  const close = (): void => {
    for (const end of [left, right]) {
      end.other = undefined
      for (const listener of end.closing) listener()
    }
  }
  return [wireOf(left), { ...wireOf(right), close }]
}

interface End {
  other: End | undefined
  readonly listeners: ((message: object) => void)[]
  readonly closing: (() => void)[]
}

function createEnd(): End {
  return { other: undefined, listeners: [], closing: [] }
}

function wireOf(end: End): Wire {
  return {
    send(message) {
      const text = JSON.stringify(message)
      const { other } = end
      queueMicrotask(() => {
        for (const listener of other?.listeners ?? []) listener(JSON.parse(text))
      })
    },
    onMessage: (listener) => void end.listeners.push(listener),
    onClose: (listener) => void end.closing.push(listener),
  }
}
