import {
  PluginConfigCard,
  PluginForm,
  PluginList,
  PluginSelect,
} from '@kong-ui-public/entities-plugins'
import { h } from 'vue'
import { baseConfig, listConfig } from './config.mjs'
import { MAY } from './pages.mjs'
import { state } from './state.mjs'

/** The word in a query for each entity that a plugin may belong to. */
const SCOPES = { services: 'serviceId', routes: 'routeId', consumers: 'consumerId' }

/** Plugins of all, or of one entity. */
export function pluginListPage({ type, id } = {}) {
  const query = type === undefined ? {} : { [SCOPES[type]]: id }
  return h(PluginList, {
    ...MAY,
    cacheIdentifier: `plugins-${id}`,
    config: {
      ...listConfig(state.info),
      entityType: type,
      entityId: id,
      createRoute: { name: 'plugins-select', query },
      getViewRoute: (plugin) => placeOf('detail', plugin),
      getEditRoute: (plugin) => placeOf('edit', plugin),
      getScopedEntityViewRoute: (kind, of) => ({ name: `${kind}s-detail`, params: { id: of } }),
      getConfigureDynamicOrderingRoute: (plugin) => placeOf('detail', plugin),
    },
  })
}

function placeOf(page, plugin) {
  return { name: `plugins-${page}`, params: { id: plugin.id, pluginType: plugin.name } }
}

/** The catalogue. */
export function pluginSelectPage({ route }) {
  return h(PluginSelect, {
    availableOnServer: true,
    config: {
      ...baseConfig(state.info),
      ...scopeOf(route.query),
      getCreateRoute: (pluginType) => ({
        name: 'plugins-create',
        params: { pluginType },
        query: route.query,
      }),
    },
  })
}

/** The form that a plugin's schema makes. */
export function pluginFormPage({ route, router }) {
  const scope = scopeOf(route.query)
  return h(PluginForm, {
    key: route.fullPath,
    pluginType: route.params.pluginType,
    pluginId: route.params.id,
    disableScopeSelection: scope.entityId !== undefined,
    config: {
      ...baseConfig(state.info),
      entityId: scope.entityId ?? '',
      entityType: scope.entityType,
      disableConsumerGroupScope: true,
      isNewOtelSchema: true,
    },
    onUpdate: (plugin) => router.push(placeOf('detail', plugin)),
    onCancel: () => router.push({ name: 'plugins-list' }),
    onError: (error) => state.complain(error),
    'onError:fetch-schema': (error) => state.complain(error),
  })
}

/** What a plugin is set to. */
export function pluginDetailPage({ route }) {
  return h(PluginConfigCard, {
    config: {
      ...baseConfig(state.info),
      entityId: route.params.id,
      pluginType: route.params.pluginType,
    },
    'onFetch:error': (error) => state.complain(error),
  })
}

function scopeOf(query) {
  const [type, word] = Object.entries(SCOPES).find(([, name]) => query[name]) ?? []
  return type === undefined ? {} : { entityType: type, entityId: query[word] }
}
