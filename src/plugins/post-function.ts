import { functionPlugin } from './lua/function-plugin.ts'

/** Runs functions of the operator after all other plugins. */
export const postFunction = functionPlugin({
  name: 'post-function',
  priority: -1000,
  runs: 'after',
})
