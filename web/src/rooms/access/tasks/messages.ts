/** Words of the inbox. */
export default {
  zh: {
    title: '待办', none: '没有待办', noneText: '需要您审核、确认的事会出现在这里。', noneDone: '还没有办结的事项', noneDoneText: '办结的事项会保留在这里备查。',
    state: { label: '状态', open: '未办', done: '已办' },
    field: { title: '事项', place: '地区', created: '收到时间', due: '期限' },
    kind: { ledger_approve: '台账变更待审批（{to}）', risk_red: '走访发现紧急风险：{signs}', not_reached: '连续 {n} 次走访未遇，请安排核实', duplicate_person: '疑似重复建档，请核对', death_reported: '走访得知服务对象死亡，请核实', grant_approve: '账号授权待审批', review_ask: '督导请您补充走访记录（{reasons}）', other: '需要您处理的事项' },
    seeComment: '见审阅意见', overdue: '已超期', handle: '去办理', finish: '标为办结', finishTitle: '标为办结', note: '办理说明', finished: '已办结。',
  },
  en: {
    title: 'Tasks', none: 'No tasks', noneText: 'What you must review or confirm will show up here.', noneDone: 'Nothing done yet', noneDoneText: 'Finished tasks stay here for reference.',
    state: { label: 'State', open: 'Open', done: 'Done' },
    field: { title: 'Task', place: 'Place', created: 'Received', due: 'Due' },
    kind: { ledger_approve: 'A change of the ledger waits for approval ({to})', risk_red: 'Urgent risk found on a visit: {signs}', not_reached: 'Not reached {n} times in a row: please check', duplicate_person: 'Perhaps the same person twice: please compare', death_reported: 'A death was reported on a visit: please verify', grant_approve: 'A grant waits for approval', review_ask: 'A reviewer asks you to complete a visit ({reasons})', other: 'Something for you to handle' },
    seeComment: 'see the comment', overdue: 'overdue', handle: 'Open', finish: 'Mark as done', finishTitle: 'Mark as done', note: 'What was done', finished: 'Done.',
  },
}
