import { CopyDocument } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'duplicates',
  routes: [{ path: '/duplicates', name: 'duplicates', component: () => import('./DuplicateList.vue'), meta: { titleKey: 'duplicates.title', permit: 'people.duplicates.read' } }],
  menu: { section: 'people', to: 'duplicates', titleKey: 'duplicates.title', icon: CopyDocument, order: 60, permit: 'people.duplicates.read' },
})
