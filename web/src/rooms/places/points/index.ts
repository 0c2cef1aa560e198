import { LocationFilled } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'points',
  routes: [
    { path: '/points', name: 'points', component: () => import('./PointList.vue'), meta: { titleKey: 'points.title', permit: 'places.network.read' } },
    { path: '/points/new', name: 'point-new', component: () => import('./PointNew.vue'), meta: { titleKey: 'points.new', permit: 'places.network.change' } },
    { path: '/points/:id', name: 'point', component: () => import('./PointPage.vue'), meta: { titleKey: 'points.one', permit: 'places.network.read' } },
    { path: '/points/:id/edit', name: 'point-edit', component: () => import('./PointEdit.vue'), meta: { titleKey: 'points.edit', permit: 'places.network.change' } },
  ],
  menu: { section: 'network', to: 'points', titleKey: 'points.title', icon: LocationFilled, order: 20, permit: 'places.network.read' },
})
