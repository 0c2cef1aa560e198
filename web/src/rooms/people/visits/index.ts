import { Notebook } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'visits',
  routes: [
    { path: '/visits', name: 'visits', component: () => import('./VisitList.vue'), meta: { titleKey: 'visits.title', permit: 'people.visits.read' } },
    { path: '/visits/new', name: 'visit-new', component: () => import('./VisitNew.vue'), meta: { titleKey: 'visits.new', permit: 'people.visits.record' } },
    { path: '/visits/:id', name: 'visit', component: () => import('./VisitPage.vue'), meta: { titleKey: 'visits.one', permit: 'people.visits.read' } },
    { path: '/visits/:id/edit', name: 'visit-edit', component: () => import('./VisitEdit.vue'), meta: { titleKey: 'visits.edit', permit: 'people.visits.revise' } },
  ],
  menu: { section: 'visits', to: 'visits', titleKey: 'visits.title', icon: Notebook, order: 20, permit: 'people.visits.read' },
  commands: [{ titleKey: 'visits.new', to: '/visits/new', permit: 'people.visits.record' }],
})
