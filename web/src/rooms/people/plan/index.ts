import { Calendar } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'plan',
  routes: [{ path: '/visit-plan', name: 'plan', component: () => import('./PlanPage.vue'), meta: { titleKey: 'plan.title', permit: 'people.visits.read' } }],
  menu: { section: 'visits', to: 'plan', titleKey: 'plan.title', icon: Calendar, order: 15, permit: 'people.visits.read' },
})
