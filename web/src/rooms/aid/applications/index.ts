import { DocumentChecked } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'applications',
  routes: [
    { path: '/applications', name: 'applications', component: () => import('./ApplicationList.vue'), meta: { titleKey: 'applications.title', permit: 'aid.applications.read' } },
    { path: '/applications/:id', name: 'application', component: () => import('./ApplicationPage.vue'), meta: { titleKey: 'applications.one', permit: 'aid.applications.read' } },
  ],
  menu: { section: 'people', to: 'applications', titleKey: 'applications.title', icon: DocumentChecked, order: 25, permit: 'aid.applications.read' },
})
