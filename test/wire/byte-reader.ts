import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'

/** How long a test waits for bytes that should come, in ms. */
const PATIENCE = 3000

/** The other side ended before what was waited for came. */
export class EndOfBytes extends Error {}

/** A connection's bytes, taken as they are needed. */
export class ByteReader {
  /** The other side ended (or reset) the connection. */
  ended = false
  /** It did so by a reset. */
  broken = false
  #chunks: Buffer[] = []
  #size = 0
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#size += chunk.length
      this.#wake?.()
    })
    socket.on('error', () => {
      this.broken = true
    })
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.ended = true
        this.#wake?.()
      })
    }
  }

  /** Bytes that came and were not taken. */
  get waiting(): number {
    return this.#size
  }

  /** Exactly so many bytes. */
  async take(count: number): Promise<Buffer> {
    await this.#until(() => this.#size >= count, `${count} bytes`)
    const whole = this.#whole()
    this.#keep(whole.subarray(count))
    return whole.subarray(0, count)
  }

  /** A line with its feed, one char a byte. */
  async line(): Promise<string> {
    let end = -1
    const found = () => {
      end = this.#whole().indexOf(10)
      return end !== -1
    }
    await this.#until(found, 'a line')
    return (await this.take(end + 1)).toString('latin1')
  }

  /** What is there, at least one byte. */
  async some(): Promise<Buffer> {
    await this.#until(() => this.#size > 0, 'bytes')
    return this.take(this.#size)
  }

  /** All to the end of the connection. */
  async rest(): Promise<Buffer> {
    await this.#until(() => this.ended, 'the end')
    return this.take(this.#size)
  }

  /** Waits without end for a byte; false when the connection ends instead. */
  async more(): Promise<boolean> {
    while (this.#size === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#size > 0
  }

  /** Waits for the end of the connection. */
  async end(): Promise<void> {
    await this.#until(() => this.ended, 'the end')
  }

  #whole(): Buffer {
    const [first] = this.#chunks
    const whole = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks)
    this.#chunks = [whole]
    return whole
  }

  #keep(bytes: Buffer): void {
    this.#chunks = bytes.length === 0 ? [] : [bytes]
    this.#size = bytes.length
  }

  async #until(come: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + PATIENCE
    while (!come()) {
      if (this.ended) throw new EndOfBytes(`The connection ended before ${what}: ${this.#shown()}`)
      await this.#news(deadline, what)
    }
  }

  #news(deadline: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`Waited in vain for ${what}: ${this.#shown()}`))
      const timer = setTimeout(late, Math.max(0, deadline - Date.now()))
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }

  #shown(): string {
    return JSON.stringify(this.#whole().toString('latin1').slice(0, 300))
  }
}
