import { School } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'stations',
  routes: [
    { path: '/stations', name: 'stations', component: () => import('./StationList.vue'), meta: { titleKey: 'stations.title', permit: 'places.network.read' } },
    { path: '/stations/new', name: 'station-new', component: () => import('./StationNew.vue'), meta: { titleKey: 'stations.new', permit: 'places.network.change' } },
    { path: '/stations/:id', name: 'station', component: () => import('./StationPage.vue'), meta: { titleKey: 'stations.one', permit: 'places.network.read' } },
    { path: '/stations/:id/edit', name: 'station-edit', component: () => import('./StationEdit.vue'), meta: { titleKey: 'stations.edit', permit: 'places.network.change' } },
  ],
  menu: { section: 'network', to: 'stations', titleKey: 'stations.title', icon: School, order: 10, permit: 'places.network.read' },
  commands: [{ titleKey: 'stations.new', to: '/stations/new', permit: 'places.network.change' }],
})
