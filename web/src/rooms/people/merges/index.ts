import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'merges',
  routes: [
    { path: '/merges', name: 'merges', component: () => import('./MergeList.vue'), meta: { titleKey: 'merges.title', permit: 'people.merges.read' } },
    { path: '/merges/new', name: 'merge-new', component: () => import('./MergePage.vue'), meta: { titleKey: 'merges.new', permit: 'people.merges.merge' } },
  ],
})
