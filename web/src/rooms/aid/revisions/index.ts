import { Coin, Files } from '@element-plus/icons-vue'
import { defineRoom } from '@/app/room'

export default defineRoom({
  name: 'revisions',
  routes: [
    { path: '/standards', name: 'standards', component: () => import('./StandardsPage.vue'), meta: { titleKey: 'revisions.standards', permit: 'aid.policies.read' } },
    { path: '/policy-revisions', name: 'revisions', component: () => import('./RevisionList.vue'), meta: { titleKey: 'revisions.title', permit: 'aid.revisions.read' } },
    { path: '/policy-revisions/new', name: 'revision-new', component: () => import('./RevisionForm.vue'), meta: { titleKey: 'revisions.new', permit: 'aid.revisions.draft' } },
    { path: '/policy-revisions/:id', name: 'revision', component: () => import('./RevisionPage.vue'), meta: { titleKey: 'revisions.one', permit: 'aid.revisions.read' } },
    { path: '/policy-revisions/:id/edit', name: 'revision-edit', component: () => import('./RevisionForm.vue'), meta: { titleKey: 'revisions.edit', permit: 'aid.revisions.draft' } },
  ],
  menu: [
    { section: 'policies', to: 'standards', titleKey: 'revisions.standards', icon: Coin, order: 10, permit: 'aid.policies.read' },
    { section: 'policies', to: 'revisions', titleKey: 'revisions.title', icon: Files, order: 20, permit: 'aid.revisions.read' },
  ],
})
