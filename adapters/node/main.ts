#!/usr/bin/env node
import { main } from '../command/main.ts'

const code = await main('node', process.argv.slice(2))
if (code !== undefined) process.exit(code)
