import { h } from 'vue'
import { RouterLink } from 'vue-router'
import { baseConfig, listConfig } from './config.mjs'
import { state } from './state.mjs'

const yes = async () => true

/** What lists may do: everything, and how their complaints are told. */
export const MAY = {
  canCreate: yes,
  canDelete: yes,
  canEdit: yes,
  canRetrieve: yes,
  canToggle: yes,
  canRetrieveScopedEntity: yes,
  onError: (error) => state.complain(error),
}

/** The list of a kind, alone or below what it belongs to. */
export function listPage(kind, below = {}) {
  const { create = {}, ...more } = below
  return h(kind.list, {
    ...MAY,
    cacheIdentifier: `${kind.path}-${Object.values(more).join()}`,
    config: {
      ...listConfig(state.info),
      ...more,
      createRoute: { name: `${kind.path}-create`, query: create },
      getViewRoute: (id) => ({ name: `${kind.path}-detail`, params: { id } }),
      getEditRoute: (id) => ({ name: `${kind.path}-edit`, params: { id } }),
    },
  })
}

/** The form of a kind, to make one or to change one. */
export function formPage(kind, { route, router }) {
  const id = route.params.id ?? ''
  const after = (entity) =>
    kind.card === undefined
      ? { name: `${kind.path}-list` }
      : { name: `${kind.path}-detail`, params: { id: entity.id } }
  return h(kind.form, {
    ...kind.formProps?.({ query: route.query, info: state.info }),
    [kind.formId]: id,
    key: route.fullPath,
    config: {
      ...baseConfig(state.info),
      cancelRoute: { name: `${kind.path}-list` },
      sniListRoute: { name: 'snis-list' },
    },
    onUpdate: (entity) => router.push(after(entity)),
    onError: (error) => state.complain(error),
  })
}

/** What one is, and the way to what belongs to it. */
export function detailPage(kind, { route }) {
  const { id } = route.params
  const tabs = kind.below.map((name) =>
    h(RouterLink, { to: { name: `${kind.path}-${name}`, params: { id } } }, () => name),
  )
  const card = h(kind.card, {
    key: id,
    config: { ...baseConfig(state.info), entityId: id },
    'onFetch:error': (error) => state.complain(error),
  })
  return h('div', [h('nav', { class: 'tabs' }, tabs), card])
}
