import { Download } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'exports',
  routes: [
    { path: '/exports', name: 'exports', component: () => import('./ExportList.vue'), meta: { titleKey: 'exports.title', permit: 'people.exports.make' } },
    { path: '/exports/:id', name: 'export', component: () => import('./ExportPage.vue'), meta: { titleKey: 'exports.one', permit: 'access.exports.approve' } },
  ],
  menu: { section: 'people', to: 'exports', titleKey: 'exports.title', icon: Download, order: 90, permit: 'people.exports.make' },
})
