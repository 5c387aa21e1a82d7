import type { RouterFlavor } from '../lib/router-flavor.ts'
import { buildCompatibleRouter } from './compatible.ts'
import { buildExpressionsRouter } from './expressions/expressions.ts'
import type { BuildRouter } from './router.ts'
import { buildTraditionalRouter } from './traditional.ts'

const BUILDERS: Readonly<Record<RouterFlavor, BuildRouter>> = {
  traditional: buildTraditionalRouter,
  traditional_compatible: buildCompatibleRouter,
  expressions: buildExpressionsRouter,
}

/** What builds routers of a flavour. */
export function createRouter(flavor: RouterFlavor): BuildRouter {
  return BUILDERS[flavor]
}
