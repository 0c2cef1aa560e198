/** Words of the visit plan. */
export default {
  zh: {
    title: '走访计划', note: '按人力上限排到每个工作日：约定日期优先，再排重点对象、法定期限、到期最久的；同一村（社区）尽量排在同一天。只是建议，可随时调整。',
    worker: '社工', place: '地区', week: '第 {n} 周', weekOf: '{from} 至 {to}', day: { d0: '一', d1: '二', d2: '三', d3: '四', d4: '五', d5: '六', d6: '日' }, dayOf: '{day} 星期{week}', print: '打印本周计划', printTitle: '走访计划  {name}  {from} 至 {to}',
    can: '每个工作日可走访 {visits} 人、电话或视频探访 {calls} 人。', fits: '{from} 至 {to} 共有 {due} 人应访：已排走访 {visits} 人、电话探访 {calls} 人。', unmet: '按现有人力，{from} 至 {to} 有 {n} 人排不上。', unmetNote: '排不上的人仍在待走访名单中，超期后照常提醒。请站长调整分工、增加人手，或经规则允许改用电话、视频、邻里、委托等方式。', unmetPeople: '排不上的人（最急的在前）', cut: '应访人数过多，只排了最急的 3000 人。', more: '另有 {n} 人未列出。',
    calls: '电话、视频探访', nobody: '当天没有安排', none: '近期没有应访的人', noneText: '在册并已分级的对象临近期限时，会自动排进来。', overdue: '超期 {n} 天', dueOn: '期限 {day}', fixed: '约定', record: '记走访', loading: '正在排计划…', holidays: '未扣除法定节假日。',
    load: '人力与应访', loadNote: '人力按工作日和每日上限折算；各社工的余力不互相抵扣。不作排名。', township: '乡镇（街道）', due: '应访', priority: '其中重点', capacity: '可走访', callable: '可电话', over: '排不上', unassigned: '尚无责任社工', allFit: '按现有人力可以全部排上。', tick: '见到 □  未见到 □',
  },
  en: {
    title: 'Visit plan', note: 'Days filled up to what one worker can do: promised days first, then priority clients, dates set by national rules, and the longest due; one village on one day where possible. A proposal that may be changed at any time.',
    worker: 'Worker', place: 'Place', week: 'Week {n}', weekOf: '{from} to {to}', day: { d0: 'Mon', d1: 'Tue', d2: 'Wed', d3: 'Thu', d4: 'Fri', d5: 'Sat', d6: 'Sun' }, dayOf: '{day} {week}', print: 'Print this week', printTitle: 'Visit plan  {name}  {from} to {to}',
    can: 'Each working day takes {visits} visits and {calls} calls.', fits: '{due} people are due from {from} to {to}: {visits} planned as visits, {calls} as calls.', unmet: 'With the people at work, {n} cannot be seen from {from} to {to}.', unmetNote: 'They stay on the list of visits due and are escalated as usual. The station head can change assignments, add people, or use calls, video, neighbours or delegation where the rules allow.', unmetPeople: 'Who does not fit (most urgent first)', cut: 'Too many are due; only the 3,000 most urgent were planned.', more: '{n} more are not listed.',
    calls: 'By telephone or video', nobody: 'Nothing planned', none: 'Nobody is due soon', noneText: 'Graded people in the ledger are planned when their day comes near.', overdue: '{n} days overdue', dueOn: 'due {day}', fixed: 'promised', record: 'Record a visit', loading: 'Planning…', holidays: 'Public holidays are not taken off.',
    load: 'Capacity and visits due', loadNote: 'Capacity is working days times the daily limit; spare capacity of one worker is not moved to another. No ranking.', township: 'Township', due: 'Due', priority: 'Priority', capacity: 'Visits possible', callable: 'Calls possible', over: 'Do not fit', unassigned: 'Nobody responsible yet', allFit: 'Everybody due can be seen with the people at work.', tick: 'met □  not met □',
  },
}
