#!/usr/bin/env node
// `npm start`: runs the gateway in this process, from dist/. `npm start -- kong.yaml --log-level debug` passes words on.
import { build } from './build.mjs'

build()
const words = process.argv.slice(2)
const { main } = await import('../dist/adapters/command/main.js')
const code = await main('node', ['start', ...words])
if (code !== undefined) process.exit(code)
