import { PieChart } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'coverage',
  routes: [{ path: '/coverage', name: 'coverage', component: () => import('./CoveragePage.vue'), meta: { titleKey: 'coverage.title', permit: 'insight.network_coverage.read' } }],
  menu: { section: 'coverage', to: 'coverage', titleKey: 'coverage.title', icon: PieChart, order: 10, permit: 'insight.network_coverage.read' },
})
