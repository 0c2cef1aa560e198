import { Delete } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'recycle',
  routes: [{ path: '/recycle-bin', name: 'recycle', component: () => import('./RecycleList.vue'), meta: { titleKey: 'recycle.title', permit: 'people.recycle.read' } }],
  menu: { section: 'people', to: 'recycle', titleKey: 'recycle.title', icon: Delete, order: 70, permit: 'people.recycle.read' },
})
