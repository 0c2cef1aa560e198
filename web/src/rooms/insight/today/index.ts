import { HomeFilled } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'today',
  routes: [{ path: '/today', name: 'today', component: () => import('./TodayPage.vue'), meta: { titleKey: 'today.title', permit: 'people.visits.read' } }],
  menu: { section: 'today', to: 'today', titleKey: 'today.title', icon: HomeFilled, order: 10, permit: 'people.visits.read' },
})
