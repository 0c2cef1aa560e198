import { Aim } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'screening',
  routes: [{ path: '/screening', name: 'screening', component: () => import('./ScreeningPage.vue'), meta: { titleKey: 'screening.title', permit: 'aid.screening.read' } }],
  menu: { section: 'people', to: 'screening', titleKey: 'screening.title', icon: Aim, order: 24, permit: 'aid.screening.read' },
})
