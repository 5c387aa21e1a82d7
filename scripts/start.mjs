#!/usr/bin/env node
// `npm start` and `bun run start`: runs the gateway in this process; `npm start -- kong.yaml` passes words on.
// Bun runs the sources as they stand, Node what was bundled of them.
const onBun = process.versions.bun !== undefined
if (!onBun) await (await import('./build.mjs')).build()

const { main } = await import(
  `../${onBun ? 'adapters/command/main.ts' : 'dist/adapters/command/main.js'}`
)
const code = await main(onBun ? 'bun' : 'node', ['start', ...process.argv.slice(2)])
if (code !== undefined) process.exit(code)
