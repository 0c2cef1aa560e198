import { House } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'households',
  routes: [
    { path: '/households', name: 'households', component: () => import('./HouseholdList.vue'), meta: { titleKey: 'households.title', permit: 'people.households.read' } },
    { path: '/households/new', name: 'household-new', component: () => import('./HouseholdForm.vue'), meta: { titleKey: 'households.new', permit: 'people.households.change' } },
    { path: '/households/unit', name: 'household-unit', component: () => import('./UnitPage.vue'), meta: { titleKey: 'households.unit.title', permit: 'people.households.read' } },
    { path: '/households/:id/sheet', name: 'household-sheet', component: () => import('./HouseholdSheet.vue'), meta: { titleKey: 'households.sheet.title', permit: 'people.households.read' } },
    { path: '/households/:id', name: 'household', component: () => import('./HouseholdPage.vue'), meta: { titleKey: 'households.one', permit: 'people.households.read' } },
  ],
  menu: { section: 'people', to: 'households', titleKey: 'households.title', icon: House, order: 20, permit: 'people.households.read' },
  commands: [{ titleKey: 'households.new', to: '/households/new', permit: 'people.households.change' }],
})
