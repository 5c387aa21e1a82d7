/** One end of a pipe between two processes: messages arrive whole, in the order they were sent. */
export interface Wire {
  send(message: object): void
  onMessage(listener: (message: object) => void): void
  onClose(listener: () => void): void
}
