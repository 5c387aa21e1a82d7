// Our own server and transport with nothing between them: `bench/bare-transport.ts` in one file, as Node takes no TypeScript.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { here } from '../processes.mjs'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-transport-'))
const made = await rolldown({ input: here('bare-transport.ts'), platform: 'node' })
await made.write({ dir: folder, format: 'esm', entryFileNames: 'peer.mjs' })
await made.close()
await import(join(folder, 'peer.mjs'))
rmSync(folder, { recursive: true })
