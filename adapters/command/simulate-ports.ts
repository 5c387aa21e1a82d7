import { writeFileSync } from 'node:fs'
import { readConfigFile } from './config-file.ts'
import { processPorts, type SyncPorts } from './sync-ports.ts'

/** What `simulate` asks of the machine. */
export interface SimulatePorts extends Pick<SyncPorts, 'out' | 'err' | 'isTerminal' | 'now'> {
  readonly readFile: (file: string) => string
  readonly writeFile: (file: string, text: string) => void
}

/** The ports of this process. */
export function simulatePorts(): SimulatePorts {
  return { ...processPorts(), readFile: readConfigFile, writeFile: writeFileSync }
}
