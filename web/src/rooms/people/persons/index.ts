import { User } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'persons',
  routes: [
    { path: '/persons', name: 'persons', component: () => import('./PersonList.vue'), meta: { titleKey: 'persons.title', permit: 'people.persons.read' } },
    { path: '/persons/new', name: 'person-new', component: () => import('./PersonForm.vue'), meta: { titleKey: 'persons.new', permit: 'people.persons.create' } },
    { path: '/persons/:id', name: 'person', component: () => import('./PersonPage.vue'), meta: { titleKey: 'persons.one', permit: 'people.persons.read' } },
    { path: '/persons/:id/edit', name: 'person-edit', component: () => import('./PersonEdit.vue'), meta: { titleKey: 'persons.edit', permit: 'people.persons.change' } },
  ],
  menu: { section: 'people', to: 'persons', titleKey: 'persons.title', icon: User, order: 10, permit: 'people.persons.read' },
  commands: [{ titleKey: 'persons.new', to: '/persons/new', permit: 'people.persons.create' }],
  finder: { permit: 'people.persons.read', load: () => import('./finder'), all: (text) => `/persons?q=${encodeURIComponent(text)}` },
})
