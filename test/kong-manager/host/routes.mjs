import { h, onBeforeMount, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { credentialFormPage, credentialsPage, targetsPage } from './child-pages.mjs'
import { KINDS } from './kinds.mjs'
import { detailPage, formPage, listPage } from './pages.mjs'
import {
  pluginDetailPage,
  pluginFormPage,
  pluginListPage,
  pluginSelectPage,
} from './plugin-pages.mjs'
import { learnInfo, state } from './state.mjs'

/** A page by its function, drawn once the gateway was asked what it is. */
function page(draw) {
  return {
    setup() {
      const place = { route: useRoute(), router: useRouter() }
      const ready = ref(false)
      onBeforeMount(async () => {
        await learnInfo()
        ready.value = true
      })
      return () => (ready.value ? draw(place) : h('p', 'Loading'))
    },
  }
}

const kindOf = (path) => KINDS.find((kind) => kind.path === path)

/** What may stand below an entity of a kind. */
const BELOW = {
  routes: (_kind, id) => listPage(kindOf('routes'), { serviceId: id, create: { serviceId: id } }),
  keys: (_kind, id) => listPage(kindOf('keys'), { keySetId: id, create: { fixedKeySetId: id } }),
  plugins: (kind, id) => pluginListPage({ type: kind.path, id }),
}
const PLACED = { targets: targetsPage, credentials: credentialsPage }

const kindRoutes = KINDS.flatMap((kind) => [
  { name: `${kind.path}-list`, path: `/${kind.path}`, component: page(() => listPage(kind)) },
  {
    name: `${kind.path}-create`,
    path: `/${kind.path}/create`,
    component: page((place) => formPage(kind, place)),
  },
  {
    name: `${kind.path}-edit`,
    path: `/${kind.path}/:id/edit`,
    component: page((place) => formPage(kind, place)),
  },
  {
    name: `${kind.path}-detail`,
    path: `/${kind.path}/:id`,
    component: page((place) => (kind.card === undefined ? h('p') : detailPage(kind, place))),
  },
  ...kind.below.map((name) => ({
    name: `${kind.path}-${name}`,
    path: `/${kind.path}/:id/${name}`,
    component: page((place) => PLACED[name]?.(place) ?? BELOW[name](kind, place.route.params.id)),
  })),
])

/** Every page of the host app. */
export const ROUTES = [
  { name: 'overview', path: '/', component: page(() => h('pre', JSON.stringify(state.info))) },
  ...kindRoutes,
  { name: 'plugins-list', path: '/plugins', component: page(() => pluginListPage()) },
  { name: 'plugins-select', path: '/plugins/select', component: page(pluginSelectPage) },
  {
    name: 'plugins-create',
    path: '/plugins/:pluginType/create',
    component: page(pluginFormPage),
  },
  {
    name: 'plugins-edit',
    path: '/plugins/:pluginType/:id/edit',
    component: page(pluginFormPage),
  },
  { name: 'plugins-detail', path: '/plugins/:pluginType/:id', component: page(pluginDetailPage) },
  {
    name: 'credentials-create',
    path: '/consumers/:id/credentials/:pluginType/create',
    component: page(credentialFormPage),
  },
  {
    name: 'credentials-edit',
    path: '/consumers/:id/credentials/:pluginType/:credentialId/edit',
    component: page(credentialFormPage),
  },
]
