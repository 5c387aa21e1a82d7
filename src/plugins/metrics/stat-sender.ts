import type { Kit } from '../../pdk/kit.ts'
import { createComplaint } from '../logging/complaint.ts'
import { createTcpLines } from '../logging/tcp-lines.ts'
import { packetsOf } from './stat-line.ts'

/** Sends lines to a StatsD server. */
export interface StatSender {
  /** Rejects when nothing could be sent, so that it may be tried again. */
  send(lines: readonly string[]): Promise<void>
  close(): void
}

/** Where a server is. */
export interface StatServer {
  readonly host: string
  readonly port: number
  /** Bytes of a packet at most; 0 for a packet each line. */
  readonly packetSize: number
}

/** Sends over UDP; undefined where there is none. */
export function datagramSender(
  kit: Kit,
  { host, port, packetSize }: StatServer,
): StatSender | undefined {
  const { sockets } = kit
  if (sockets?.sendDatagram === undefined) return undefined
  const complain = createComplaint(kit, `Cannot send to ${host}:${port}`)
  return {
    async send(lines) {
      let sent = 0
      for (const packet of packetsOf(lines, packetSize)) {
        try {
          await sockets.sendDatagram?.({ host, port }, encoder.encode(packet))
          sent++
        } catch (error) {
          // What has left must not be counted twice.
          if (sent === 0) throw error
          complain(error)
        }
      }
    },
    close() {},
  }
}

/** Sends over TCP, each line ended; undefined where there are no sockets. */
export function tcpSender(kit: Kit, { host, port }: StatServer): StatSender | undefined {
  const { sockets, after } = kit
  if (sockets === undefined) return undefined
  // Kong's times, which cannot be configured.
  const place = { host, port, connectTimeout: 1000 }
  const lines = createTcpLines({ after, sockets }, { place, keepAlive: 60_000 })
  return {
    send: (batch) => lines.write(encoder.encode(batch.map((line) => `${line}\n`).join(''))),
    close: lines.close,
  }
}

const encoder = new TextEncoder()
