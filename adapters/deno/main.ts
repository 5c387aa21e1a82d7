import process from 'node:process'
import { main } from '../command/main.ts'

const code = await main('deno', process.argv.slice(2))
if (code !== undefined) process.exit(code)
