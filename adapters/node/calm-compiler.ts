import process from 'node:process'
import { setFlagsFromString } from 'node:v8'

/** Bytes of a function's bytecode that run before V8 looks whether to optimise it: its own default, and ours. */
const USUAL = '--interrupt-budget=67584'
const CALM = '--interrupt-budget=1000000'

/** In ms. A configuration that is read for longer is large enough for optimised code to pay. */
const LONGEST = 1000

/**
 * Has V8 wait longer before it optimises, until the function it gives is called. On Node 20 ten thousand
 * routes are read sooner than the two hundred functions they pass are compiled; that cost more than the
 * reading did. Other releases of V8 count otherwise, so theirs is left alone.
 */
export function calmCompiler({
  version = process.versions.v8,
  setFlags = setFlagsFromString,
  longest = LONGEST,
} = {}): () => void {
  if (!version.startsWith('11.3.')) return () => {}
  let calm = true
  setFlags(CALM)
  const end = () => {
    if (calm) setFlags(USUAL)
    calm = false
    clearTimeout(timer)
  }
  const timer = setTimeout(end, longest)
  timer.unref()
  return end
}
