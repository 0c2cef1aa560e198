import { Bell } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'tasks',
  routes: [{ path: '/tasks', name: 'tasks', component: () => import('./TaskList.vue'), meta: { titleKey: 'tasks.title', permit: 'access.tasks.read' } }],
  menu: { section: 'today', to: 'tasks', titleKey: 'tasks.title', icon: Bell, order: 20, permit: 'access.tasks.read' },
})
