import { allPlugins } from '../src/plugins/all.ts'
import { entitiesFor } from '../src/plugins/entities.ts'

/** Every table there is, plugins without behaviour allowed. */
export const allEntities = entitiesFor({ plugins: allPlugins, unimplemented: 'ignore' })
