import { Key, Lock } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'restricted',
  routes: [
    { path: '/clearances', name: 'clearances', component: () => import('./ClearanceList.vue'), meta: { titleKey: 'restricted.inbox.title', permit: 'people.clearances.decide' } },
    { path: '/restricted-files', name: 'restricted-files', component: () => import('./MyFiles.vue'), meta: { titleKey: 'restricted.mine.title', permit: 'people.restricted.read' } },
  ],
  menu: [
    { section: 'people', to: 'clearances', titleKey: 'restricted.inbox.title', icon: Key, order: 80, permit: 'people.clearances.decide' },
    { section: 'people', to: 'restricted-files', titleKey: 'restricted.mine.title', icon: Lock, order: 90, permit: 'people.restricted.read' },
  ],
})
