import { Connection, Switch } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'handovers',
  routes: [
    { path: '/handovers', name: 'handovers', component: () => import('./HandoverList.vue'), meta: { titleKey: 'handovers.title', permit: 'people.handovers.read' } },
    { path: '/handovers/print', name: 'handovers-print', component: () => import('./HandoverPrint.vue'), meta: { titleKey: 'handovers.print', permit: 'people.handovers.read' } },
    { path: '/caseloads', name: 'caseloads', component: () => import('./CaseloadPage.vue'), meta: { titleKey: 'handovers.loads.title', permit: 'people.handovers.read' } },
  ],
  menu: [
    { section: 'people', to: 'handovers', titleKey: 'handovers.title', icon: Switch, order: 30, permit: 'people.handovers.read' },
    { section: 'people', to: 'caseloads', titleKey: 'handovers.loads.title', icon: Connection, order: 40, permit: 'people.handovers.assign' },
  ],
})
