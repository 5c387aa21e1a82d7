#!/usr/bin/env node
// `npm start` and `bun run start`: runs the gateway in this process; `npm start -- kong.yaml` passes words on.
// Bun and a Node of today run the sources as they stand; Node 20 runs what the compiler made of them.
const onBun = process.versions.bun !== undefined
const stripsTypes = onBun || Boolean(process.features.typescript)
if (!stripsTypes) (await import('./build.mjs')).build()

const { main } = await import(
  `../${stripsTypes ? 'adapters/command/main.ts' : 'dist/adapters/command/main.js'}`
)
const code = await main(onBun ? 'bun' : 'node', ['start', ...process.argv.slice(2)])
if (code !== undefined) process.exit(code)
