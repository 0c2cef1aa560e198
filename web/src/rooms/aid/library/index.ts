import { defineRoom } from '@/app/room'

const open = { bare: true, open: true }

/** Pages for everybody, without the shell of the desk: small, without tables and charts. */
export default defineRoom({
  name: 'library',
  routes: [
    { path: '/zhengce', name: 'library', component: () => import('./LibraryPage.vue'), meta: { ...open, titleKey: 'library.title' } },
    { path: '/zhengce/zicha', name: 'library-check', component: () => import('./CheckPage.vue'), meta: { ...open, titleKey: 'library.check.title' } },
    { path: '/zhengce/:id', name: 'library-policy', component: () => import('./PolicyPage.vue'), meta: { ...open, titleKey: 'library.title' } },
  ],
})
