#!/usr/bin/env node
import process from 'node:process'
import { main } from '../command/main.ts'
import { calmCompiler } from './calm-compiler.ts'

const asUsual = calmCompiler()
const code = await main('node', process.argv.slice(2))
asUsual()
if (code !== undefined) process.exit(code)
