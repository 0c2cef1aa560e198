import { UserFilled } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'accounts',
  routes: [
    { path: '/accounts', name: 'accounts', component: () => import('./AccountList.vue'), meta: { titleKey: 'accounts.title', permit: 'access.accounts.read' } },
    { path: '/accounts/new', name: 'account-new', component: () => import('./AccountForm.vue'), meta: { titleKey: 'accounts.create.title', permit: 'access.accounts.change' } },
    { path: '/accounts/:id', name: 'account', component: () => import('./AccountPage.vue'), meta: { titleKey: 'accounts.one', permit: 'access.accounts.read' } },
  ],
  menu: { section: 'accounts', to: 'accounts', titleKey: 'accounts.title', icon: UserFilled, order: 10, permit: 'access.accounts.read' },
})
