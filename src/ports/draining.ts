/** Whether a node is being taken out of service, by all its processes; no way back but a restart. */
export interface Draining {
  /** Rejects where the process that knows is away. */
  begun(): boolean | Promise<boolean>
  /** From when it resolves, every process knows. */
  begin(): void | Promise<void>
}

/** Of a process that serves alone. */
export function ownDraining(): Draining {
  let begun = false
  return {
    begun: () => begun,
    begin() {
      begun = true
    },
  }
}
