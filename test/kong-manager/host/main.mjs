// A small app of our own around the components that Kong Manager is made of.
import './styles.mjs'
import Kongponents from '@kong/kongponents'
import { AppLayout } from '@kong-ui-public/app-layout'
import { FORMS_API_KEY, VueFormGenerator } from '@kong-ui-public/forms'
import axios from 'axios'
import { createApp, h } from 'vue'
import { createRouter, createWebHistory, RouterView } from 'vue-router'
import { adminUrl, guiPath } from './config.mjs'
import { KINDS } from './kinds.mjs'
import { ROUTES } from './routes.mjs'
import { state } from './state.mjs'

const sections = [
  { title: 'Overview', name: 'overview' },
  ...KINDS.map(({ title, path }) => ({ title, name: `${path}-list` })),
  { title: 'Plugins', name: 'plugins-list' },
]
const items = sections.map(({ title, name }) => ({ name: title, key: title, to: { name } }))

const app = createApp({
  render: () =>
    h(AppLayout, { sidebarTopItems: items }, () => [
      h(
        'ul',
        { id: 'complaints' },
        state.complaints.map((said) => h('li', said)),
      ),
      h(RouterView),
    ]),
})
app.use(createRouter({ history: createWebHistory(guiPath), routes: ROUTES }))
app.use(Kongponents)
// A plugin's form finds both by their names, and is empty without.
app.component('VueFormGenerator', VueFormGenerator)
app.provide(FORMS_API_KEY, {
  getOne: (entity, id) => ask(`/${entity}/${id}`),
  getAll: (entity, params) => ask(`/${entity}`, params),
})
app.mount('#app')

function ask(path, params) {
  return axios.get(adminUrl + path, { params, withCredentials: true })
}
