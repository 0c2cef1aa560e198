import { Guide } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'placing',
  routes: [
    { path: '/division-queues', name: 'division-queues', component: () => import('./QueueList.vue'), meta: { titleKey: 'placing.title', permit: 'places.divisions.read' } },
    { path: '/division-queues/:id', name: 'division-queue', component: () => import('./QueuePage.vue'), meta: { titleKey: 'placing.one', permit: 'places.divisions.read' } },
  ],
  menu: { section: 'divisions', to: 'division-queues', titleKey: 'placing.title', icon: Guide, order: 30, permit: 'places.divisions.read' },
})
