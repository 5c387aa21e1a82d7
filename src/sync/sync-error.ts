/** Why files cannot be synced or a gateway cannot be asked; each problem is one line for a person. */
export class SyncError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options)
    this.problems = problems
  }
}
