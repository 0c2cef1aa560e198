import { View } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'reviews',
  routes: [{ path: '/visit-reviews', name: 'reviews', component: () => import('./ReviewQueue.vue'), meta: { titleKey: 'reviews.title', permit: 'people.visits.review' } }],
  menu: { section: 'visits', to: 'reviews', titleKey: 'reviews.title', icon: View, order: 30, permit: 'people.visits.review' },
})
