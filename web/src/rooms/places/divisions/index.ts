import { Clock, Files, MapLocation } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'divisions',
  routes: [
    {
      path: '/divisions',
      component: () => import('./DivisionDesk.vue'),
      meta: { titleKey: 'divisions.title', permit: 'places.divisions.read' },
      children: [
        { path: '', name: 'divisions', component: () => import('./DivisionStart.vue') },
        { path: ':code', name: 'division', component: () => import('./DivisionDetail.vue') },
      ],
    },
    { path: '/division-events/new', name: 'division-event', component: () => import('./EventForm.vue'), meta: { titleKey: 'divisions.event.title', permit: 'places.divisions.change' } },
    { path: '/division-history', name: 'division-history', component: () => import('./EventList.vue'), meta: { titleKey: 'divisions.history.title', permit: 'places.divisions.read' } },
    { path: '/division-reviews', name: 'division-reviews', component: () => import('./ReviewList.vue'), meta: { titleKey: 'divisions.reviews.title', permit: 'places.divisions.read' } },
  ],
  menu: [
    { section: 'divisions', to: 'divisions', titleKey: 'divisions.tree', icon: MapLocation, order: 10, permit: 'places.divisions.read' },
    { section: 'divisions', to: 'division-reviews', titleKey: 'divisions.reviews.title', icon: Files, order: 20, permit: 'places.divisions.read' },
    { section: 'divisions', to: 'division-history', titleKey: 'divisions.history.title', icon: Clock, order: 15, permit: 'places.divisions.read' },
  ],
})
