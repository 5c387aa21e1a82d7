import type { Entity } from '../schema/entity.ts'
import { route } from './route.ts'
import { service } from './service.ts'
import { target } from './target.ts'
import { upstream } from './upstream.ts'

/** Every entity there is; a new one is its file and its place here. */
export const allEntities: readonly Entity[] = [service, route, upstream, target]
