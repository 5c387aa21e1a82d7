import { ConsumerCredentialList } from '@kong-ui-public/entities-consumer-credentials'
import { PluginForm } from '@kong-ui-public/entities-plugins'
import { TargetsList } from '@kong-ui-public/entities-upstreams-targets'
import axios from 'axios'
import { h } from 'vue'
import { adminUrl, baseConfig, listConfig } from './config.mjs'
import { MAY } from './pages.mjs'
import { state } from './state.mjs'

/** Whose credentials a consumer may have; the list of one calls it otherwise than its plugin. */
const CREDENTIALS = ['acl', 'basic-auth', 'hmac-auth', 'jwt', 'key-auth', 'oauth2']

/** An upstream's targets, with the marks that an operator sets. */
export function targetsPage({ route }) {
  const { id } = route.params
  const mark = (word) => async (target) => {
    // As Kong Manager: with its cookies, and 204 is what it waits for.
    const url = `${adminUrl}/upstreams/${id}/targets/${target.id}/${word}`
    const { status } = await axios.put(url, undefined, { withCredentials: true })
    if (status !== 204) state.complain(new Error(`marked by ${status}`))
  }
  const yes = async () => true
  return h(TargetsList, {
    ...MAY,
    cacheIdentifier: `targets-${id}`,
    config: {
      ...listConfig(state.info),
      upstreamId: id,
      canMarkHealthy: yes,
      canMarkUnhealthy: yes,
    },
    'onHealth-actions:healthy': mark('healthy'),
    'onHealth-actions:unhealthy': mark('unhealthy'),
  })
}

/** A consumer's credentials of every plugin that is on somewhere. */
export function credentialsPage({ route }) {
  const { id } = route.params
  const enabled = state.info.plugins?.enabled_in_cluster ?? []
  const lists = CREDENTIALS.filter((type) => enabled.includes(type)).map((type) =>
    h('section', { key: type, 'data-credential': type }, [
      h('h2', type),
      h(ConsumerCredentialList, {
        ...MAY,
        cacheIdentifier: `credentials-${id}-${type}`,
        config: {
          ...listConfig(state.info),
          consumerId: id,
          plugin: type === 'acl' ? 'acls' : type,
          createRoute: { name: 'credentials-create', params: { id, pluginType: type } },
          getEditRoute: (credentialId) => ({
            name: 'credentials-edit',
            params: { id, pluginType: type, credentialId },
          }),
        },
      }),
    ]),
  )
  return h('div', lists)
}

/** The form of a credential, which its schema makes. */
export function credentialFormPage({ route, router }) {
  const { id, pluginType, credentialId } = route.params
  const back = { name: 'consumers-credentials', params: { id } }
  return h(PluginForm, {
    key: route.fullPath,
    pluginType,
    pluginId: credentialId,
    credential: true,
    config: { ...baseConfig(state.info), cancelRoute: back, entityId: id },
    onUpdate: () => router.push(back),
    onError: (error) => state.complain(error),
    'onError:fetch-schema': (error) => state.complain(error),
  })
}
