import { Histogram } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'services',
  routes: [{ path: '/service-figures', name: 'services', component: () => import('./ServicePage.vue'), meta: { titleKey: 'services.title', permit: 'insight.service_figures.read' } }],
  menu: { section: 'coverage', to: 'services', titleKey: 'services.title', icon: Histogram, order: 20, permit: 'insight.service_figures.read' },
})
