/** Writes to files for plugins. Absent on a machine without any. */
export interface Files {
  /**
   * Adds bytes to a file's end, which is made when there is none; calls for one file keep their order.
   * Resolves when written; rejects with a FileError, at once when too much is waiting for that file.
   */
  append(path: string, bytes: Uint8Array, options?: AppendOptions): Promise<void>
  /** The whole file; rejects with a FileError. */
  read(path: string): Promise<Uint8Array>
  /** Writes what is waiting and lets go of all files. */
  close(): Promise<void>
}

/** How a file is added to. */
export interface AppendOptions {
  /** Opens the file anew, as after its rotation; otherwise it stays open between calls. */
  readonly reopen?: boolean
}

/** Why a file could not be used; `code` is the runtime's, such as `EACCES`, or `BUSY`. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
