/** The machine's system log. Absent where it has none that can be reached. */
export interface Syslog {
  /**
   * Hands a line over under facility * 8 + severity. Resolves when it is taken over, which is not yet
   * when it is kept: like syslog(3), nobody is told of a log daemon that is away. Rejects with an Error
   * when it cannot be handed over.
   */
  write(priority: number, line: string): Promise<void>
  /** Resolves when what was written is handed over. */
  close(): Promise<void>
}
