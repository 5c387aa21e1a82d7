import { functionPlugin } from './lua/function-plugin.ts'

/** Runs functions of the operator before all other plugins. */
export const preFunction = functionPlugin({
  name: 'pre-function',
  priority: 1000000,
  runs: 'before',
})
