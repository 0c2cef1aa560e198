import { Finished, Grid } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'bulk',
  routes: [
    { path: '/bulk', name: 'bulk', component: () => import('./RunList.vue'), meta: { titleKey: 'bulk.title', permit: 'people.bulk.run' } },
    { path: '/bulk/grid', name: 'grid', component: () => import('./GridPage.vue'), meta: { titleKey: 'bulk.grid.title', permit: 'people.persons.change' } },
    { path: '/bulk/:id', name: 'bulk-run', component: () => import('./RunPage.vue'), meta: { titleKey: 'bulk.one', permit: 'people.bulk.run' } },
  ],
  menu: [
    { section: 'people', to: 'grid', titleKey: 'bulk.grid.title', icon: Grid, order: 30, permit: 'people.persons.change' },
    { section: 'people', to: 'bulk', titleKey: 'bulk.title', icon: Finished, order: 40, permit: 'people.bulk.run' },
  ],
})
