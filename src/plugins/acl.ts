import { definePlugin } from '../pdk/plugin.ts'
import { aclGroup } from './acl-group.ts'
import { strings } from './fields.ts'

/** Lets consumers in, or keeps them out, by their groups. */
export const acl = definePlugin({
  name: 'acl',
  priority: 950,
  unscoped: ['consumer'],
  entities: [aclGroup],
  config: {
    type: 'record',
    required: true,
    fields: {
      allow: strings,
      deny: strings,
      hide_groups_header: { type: 'boolean', required: true, default: false },
      always_use_authenticated_groups: { type: 'boolean', required: true, default: false },
    },
  },
  entityChecks: [
    { only_one_of: ['config.allow', 'config.deny'] },
    { at_least_one_of: ['config.allow', 'config.deny'] },
  ],
})
