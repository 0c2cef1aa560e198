import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'session',
  routes: [
    { path: '/login', name: 'login', component: () => import('./LoginPage.vue'), meta: { bare: true, titleKey: 'session.login.title' } },
    { path: '/password', name: 'password', component: () => import('./PasswordPage.vue'), meta: { titleKey: 'session.password.title' } },
  ],
})
