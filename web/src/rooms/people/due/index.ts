import { AlarmClock } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'due',
  routes: [
    { path: '/due', name: 'due', component: () => import('./DueList.vue'), meta: { titleKey: 'due.title', permit: 'people.visits.read' } },
    { path: '/due/print', name: 'due-print', component: () => import('./DuePrint.vue'), meta: { titleKey: 'due.print', permit: 'people.visits.read' } },
  ],
  menu: { section: 'visits', to: 'due', titleKey: 'due.title', icon: AlarmClock, order: 10, permit: 'people.visits.read' },
})
