import { main } from '../command/main.ts'

const code = await main('bun', process.argv.slice(2))
if (code !== undefined) process.exit(code)
