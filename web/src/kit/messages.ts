/** Words of the kit parts. */
export default {
  zh: {
    ask: { title: '请确认', yes: '确定', no: '取消' },
    problem: {
      offline: '连不上服务器。请检查网络后重试，已填写的内容不会丢失。',
      malformed: '服务器的回答无法识别（{status}）。请稍后重试，仍不行请联系管理员。',
      unexpected: '页面出现意外情况，请刷新后重试。{detail}',
      staleHint: '这条记录刚被别人修改过。请重新载入，核对后再保存。',
      requestId: '编号：{id}（报修时请提供）',
      retry: '重试',
    },
    list: {
      filters: '查询条件', search: '查询', reset: '重置', reload: '刷新', columns: '显示列', columnsRestore: '恢复默认', actions: '操作',
      loading: '正在载入…', emptyTitle: '没有符合条件的记录', emptyText: '可以放宽查询条件，或点“重置”后再查。',
      pages: '翻页', prev: '上一页', next: '下一页', page: '第 {n} 页', more: '加载更多',
    },
    form: {
      save: '保存', cancel: '取消', restored: '已恢复您上次未保存的内容。', discard: '清空重填',
      leaveTitle: '还没有保存', leaveText: '离开后，刚才填写的内容将不会保留。', leave: '离开', stay: '继续填写',
    },
    code: { choose: '请选择' },
    day: { hint: '年-月-日' },
    place: {
      choose: '选择地区', title: '选择地区', clear: '清除地区', done: '选好了', none: '没有下级区划', comma: '、',
      searchHint: '代码、名称或拼音首字母', found: '找到 {n} 个地区', noneFound: '没有找到。可换成名称、代码或拼音首字母再试。',
      wrongLevel: '“{name}”不能选，这里要选的是：{levels}。',
      level: { l1: '省级', l2: '市级', l3: '县级', l4: '乡镇（街道）', l5: '村（社区）' },
    },
    masked: {
      none: '未登记', show: '查看完整的{label}', hide: '隐藏{label}', title: '查看完整的{label}', confirm: '查看', colon: '：',
      note: '查看会被记录，包括您的姓名、时间和理由。完整内容显示一分钟后自动隐藏。',
      reasonLabel: '查看理由', more: '补充说明',
      reason: { visit: '走访前联系', contact: '联系本人或家属', check: '核对登记信息', urgent: '紧急情况处置', other: '其他' },
    },
    job: { label: '任务进度', state: { queued: '排队中', running: '进行中', done: '已完成', failed: '未完成' } },
    timeline: { by: '{name} 记于 {at}' },
    history: { title: '变更与查看记录', changes: '变更记录', access: '查看记录', none: '还没有记录', nothing: '空', change: '{field}：{before} → {after}' },
  },
  en: {
    ask: { title: 'Please confirm', yes: 'OK', no: 'Cancel' },
    problem: {
      offline: 'The server cannot be reached. Check the network and try again; nothing you typed is lost.',
      malformed: 'The answer of the server could not be read ({status}). Try again later, or tell the administrator.',
      unexpected: 'Something unexpected happened on this page. Reload and try again. {detail}',
      staleHint: 'Somebody else has just changed this record. Load it again, compare, then save.',
      requestId: 'Reference: {id} (quote it when asking for help)',
      retry: 'Try again',
    },
    list: {
      filters: 'Conditions', search: 'Search', reset: 'Reset', reload: 'Refresh', columns: 'Columns', columnsRestore: 'Restore default', actions: 'Actions',
      loading: 'Loading…', emptyTitle: 'Nothing matches', emptyText: 'Loosen the conditions, or reset them and search again.',
      pages: 'Pages', prev: 'Previous', next: 'Next', page: 'Page {n}', more: 'Load more',
    },
    form: {
      save: 'Save', cancel: 'Cancel', restored: 'What you had not saved last time is back.', discard: 'Start afresh',
      leaveTitle: 'Not saved yet', leaveText: 'If you leave, what you have just entered will not be kept.', leave: 'Leave', stay: 'Keep editing',
    },
    code: { choose: 'Choose' },
    day: { hint: 'YYYY-MM-DD' },
    place: {
      choose: 'Choose a place', title: 'Choose a place', clear: 'Clear the place', done: 'Done', none: 'No divisions below', comma: ', ',
      searchHint: 'Code, name or pinyin initials', found: '{n} places found', noneFound: 'Nothing found. Try the name, the code or the pinyin initials.',
      wrongLevel: '“{name}” cannot be chosen; wanted here: {levels}.',
      level: { l1: 'province', l2: 'city', l3: 'county', l4: 'township', l5: 'village' },
    },
    masked: {
      none: 'not recorded', show: 'Show {label} in full', hide: 'Hide {label}', title: 'Show {label} in full', confirm: 'Show', colon: ': ',
      note: 'This is recorded with your name, the time and the reason. The value hides itself after one minute.',
      reasonLabel: 'Reason', more: 'Details',
      reason: { visit: 'Call before a visit', contact: 'Contact the person or family', check: 'Check the registration', urgent: 'Emergency', other: 'Other' },
    },
    job: { label: 'Progress', state: { queued: 'Waiting', running: 'Running', done: 'Done', failed: 'Failed' } },
    timeline: { by: '{name}, written {at}' },
    history: { title: 'History of the record', changes: 'Changes', access: 'Who looked', none: 'Nothing recorded yet', nothing: 'empty', change: '{field}: {before} → {after}' },
  },
}
