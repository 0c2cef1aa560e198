/** Words of the room of visits that are due. */
export default {
  zh: {
    title: '待走访', note: '先看已超期，再看今天应访和临近的；每人都注明期限从哪里来。', print: '打印应访清单', states: '按紧急程度', mine: '只看我负责的', group: '按村（社区）分组', last: '上次走访：{day}', village: '{township} {village}（{n} 人）',
    state: { overdue: '已超期', due: '今天应访', soon: '即将到期', not_reached: '重点未见到' },
    none: { overdue: '没有超期的走访', due: '今天没有到期的走访', soon: '近期没有到期的走访', not_reached: '没有连续未见到的重点对象' }, noneText: '在册并已分级的人到期后会自动出现在这里；也可以换个地区看看。',
    escalated: { head: '已提请站长', reviewer: '已提请乡镇（街道）' },
    paper: {
      print: '打印', back: '返回', note: 'A4 纸，每个村（社区）另起一页。清单含个人信息，用后请妥善保管或销毁。', none: '没有要走访的人', cut: '只列出前 {n} 人，请按地区分别打印。', title: '本周应访清单  {township} {village}', meta: '打印日期：{day}    共 {n} 人    打印人：{name}',
      no: '序号', why: '为什么应访', last: '上次走访', result: '走访结果', notes: '备注、上次约定', contact: '村（社区）联系人：____________    电话：____________    走访人签字：____________', unverified: '（参数未核实）',
    },
  },
  en: {
    title: 'Visits due', note: 'Overdue first, then today and the days ahead; for each person it says where the interval comes from.', print: 'Print the visit list', states: 'By urgency', mine: 'Only mine', group: 'By village', last: 'Last visit: {day}', village: '{township} {village} ({n})',
    state: { overdue: 'Overdue', due: 'Due today', soon: 'Due soon', not_reached: 'Not reached (priority)' },
    none: { overdue: 'No visit is overdue', due: 'No visit is due today', soon: 'No visit is due soon', not_reached: 'No priority client was missed several times' }, noneText: 'Graded people in the ledger appear here when they fall due; or look at another place.',
    escalated: { head: 'raised to the station head', reviewer: 'raised to the township' },
    paper: {
      print: 'Print', back: 'Back', note: 'A4, a new page for each village. The list holds personal data: keep it safe or destroy it after use.', none: 'Nobody to visit', cut: 'Only the first {n} people are listed; print place by place.', title: 'Visits to make: {township} {village}', meta: 'Printed {day}    {n} people    by {name}',
      no: 'No.', why: 'Why due', last: 'Last visit', result: 'Result', notes: 'Notes, promises', contact: 'Village contact: ____________    Phone: ____________    Signature: ____________', unverified: '(parameter unverified)',
    },
  },
}
