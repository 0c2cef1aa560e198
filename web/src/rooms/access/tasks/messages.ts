/** Words of the inbox. */
export default {
  zh: {
    title: '待办', none: '没有待办', noneText: '需要您审核、确认的事会出现在这里。', noneDone: '还没有办结的事项', noneDoneText: '办结的事项会保留在这里备查。',
    state: { label: '状态', open: '未办', done: '已办' },
    field: { title: '事项', place: '地区', created: '收到时间', due: '期限' },
    overdue: '已超期', handle: '去办理', finish: '标为办结', finishTitle: '标为办结', note: '办理说明', finished: '已办结。',
  },
  en: {
    title: 'Tasks', none: 'No tasks', noneText: 'What you must review or confirm will show up here.', noneDone: 'Nothing done yet', noneDoneText: 'Finished tasks stay here for reference.',
    state: { label: 'State', open: 'Open', done: 'Done' },
    field: { title: 'Task', place: 'Place', created: 'Received', due: 'Due' },
    overdue: 'overdue', handle: 'Open', finish: 'Mark as done', finishTitle: 'Mark as done', note: 'What was done', finished: 'Done.',
  },
}
