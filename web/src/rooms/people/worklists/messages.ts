/** Words of saved lists. */
export default {
  zh: {
    label: '常用筛选', none: '还没有常用筛选', save: '保存当前筛选', saveTitle: '保存为常用筛选', name: '名称', nameHint: '例如：本月要走访的独居老人',
    shared: '共享给本单位', sharedHint: '在{place}工作的人都能看到并使用；每个人看到的仍是自己权限内的名单。', sharedBy: '{name} 共享', saved: '已保存“{name}”。',
    count: '{n} 条', over: '超过 10,000 条', acts: '“{name}”的更多操作', update: '改为当前条件', rename: '改名', share: '共享给本单位', unshare: '取消共享', remove: '删除',
    updated: '已改为当前条件。', renamed: '已改名。', shareDone: '已共享。', unshareDone: '已取消共享。', removed: '已删除“{name}”。', removeText: '删除后列表中不再显示“{name}”。名单中的人不受影响。',
  },
  en: {
    label: 'Saved lists', none: 'No saved lists yet', save: 'Save this list', saveTitle: 'Save this list', name: 'Name', nameHint: 'For example: elders living alone to visit this month',
    shared: 'Share with my office', sharedHint: 'Everybody who works in {place} can see and use it; each sees only people within the own reach.', sharedBy: 'shared by {name}', saved: 'Saved “{name}”.',
    count: '{n} rows', over: 'over 10,000 rows', acts: 'More for “{name}”', update: 'Take the present conditions', rename: 'Rename', share: 'Share with my office', unshare: 'Stop sharing', remove: 'Remove',
    updated: 'The present conditions are saved.', renamed: 'Renamed.', shareDone: 'Shared.', unshareDone: 'No longer shared.', removed: 'Removed “{name}”.', removeText: '“{name}” will no longer be shown here. The people on it are not touched.',
  },
}
