/** Words of the households room. */
export default {
  zh: {
    title: '家庭户', one: '家庭户', new: '新建家庭户', note: '户籍户、共同居住户、救助核算单元分别登记，不混为一户。', newNote: '先选成员，第一位默认为户主，村（社区）随成员带出。',
    head: '户主', kind: '户类型', village: '村（社区）', address: '住址', members: '人数', people: '{n} 人', place: '地区', find: '成员', findHint: '成员姓名、拼音、首字母或后四位',
    of: '{name}户', noHead: '户主未定', none: '没有符合条件的家庭户', noneText: '可以放宽查询条件，或新建一户。',
    now: '现有成员', past: '曾经的成员', empty: '现在没有成员', emptyText: '点“添加成员”把已登记的人加入本户。', add: '添加成员', added: '成员已添加', history: '变更历史',
    person: '人员', personHint: '从已登记的人员中查找；还没有登记的请先登记。', addPerson: '查找并加入成员', other: '换一人', relation: '与户主关系', relationOf: '{name}与户主关系', from: '加入日期', to: '离开日期', reason: '原因',
    since: '{day} 起', span: '{from} 至 {to}', end: '离户', endOne: '{name}离户', ended: '已登记离户', drop: '移除{name}', created: '家庭户已建立', membersStep: '一、成员', placeStep: '二、住处', hidden: '不在您的查看范围内', succession: '户主离户，请重新指定户主和其他成员的关系。', relationNew: '{name}与新户主关系', kindHint: '低保等核算口径的人员请选“救助核算单元”。',
    by: '查找方式', byHead: '只按户主',
    sheet: { title: '家庭走访单', of: '家庭走访单  {name}户  {place}', note: '一户一张，全家应访一次办：可打印，也可勾选成员后依次记走访，走访方式、日期和同行人自动带到下一位。', meta: '{kind}    日期：{day}    共 {n} 人    打印人：{name}', start: '记走访（{n} 人）', who: '这次走访谁', away: '不同住' },
    act: {
      more: '变更', head: '更换户主', split: '分户', join: '并户', about_head: '重新指定户主，并填写其余成员与新户主的关系。', about_split: '勾选分出的成员，他们另立一户；两户各有一名户主。', about_join: '全部成员并入另一户，本户注销；对方户主不变。',
      who: '分出的成员', going: '分出的一户', staying: '留下的一户', someStay: '请勾选分出的成员，并至少留下一人', into: '并入哪一户', chooseInto: '请选择并入的家庭', findHead: '对方户主姓名、拼音或首字母', on: '日期',
      done_head: '户主已更换', done_split: '已分户', done_join: '已并户', headless: '本户户主空缺，请更换户主。', origin: '分自', successor: '并入',
    },
    unit: {
      title: '核算单元测算', of: '{name}的救助核算单元', note: '按办法第七条由系统提出建议，缺什么问什么；最后由人认定。', source: '依据：{source}（据第三方文本，未核对官方原文）', province: '省级民政部门另有规定的，以省级规定为准。', decide: '认定并建立核算单元', decided: '核算单元已认定', reason: '与建议不同的理由', reasonHint: '认定的成员与规则建议不同，或仍有未查清的情况，须说明理由。',
      alone: '登记的家庭户中没有其他成员', aloneText: '如有同户籍或共同居住的人，请先登记到家庭户，再判断谁是共同生活的家庭成员。', counts: '计入{name}', relation: '与申请人关系', relationOf: '{name}与申请人关系', mayAlone: '可能可单独申请', noBirth: '没有登记出生日期，无法判断是否成年。', basis: '认定依据', decidedBy: '{name}于 {day} 认定', differs: '与规则建议不同',
      shared: { hukou: '同户籍', cohabiting: '同住' }, belongs: { yes: '计入', no: '不计入', unknown: '待查' }, value: { yes: '是', no: '否', unknown: '不清楚' },
      fact: { lives_together: '长期共同居住', dependent: '成年子女，不能独立生活', student: '在校接受全日制本科及以下教育', duty: '有法定赡养、抚养、扶养义务', religious_away: '宗教教职人员，连续三年以上脱离家庭', away_by_law: '服刑、强制隔离戒毒或宣告失踪（不问是哪一种）' },
      why: { applicant: '申请人本人', spouse: '配偶', minor_child: '未成年子女', student_child: '在校成年子女', dependent_child: '不能独立生活的成年子女', duty_together: '有法定义务并长期共同居住', no_duty: '无法定义务', not_together: '不长期共同居住', independent_child: '成年子女，能独立生活且不同住', religious_away: '宗教教职人员，长期脱离家庭', away_by_law: '依规定不计入', incomplete: '情况不全' },
    },
    missing: { village: '请选择村（社区）', members: '请至少选一人', head: '请指定一位户主，只能有一位', relation: '请选择与户主关系', reason: '请写明原因' },
  },
  en: {
    title: 'Households', one: 'Household', new: 'New household', note: 'Registered household, people living together and means-test unit are kept apart.', newNote: 'Choose the members first; the first one is the head and brings the village along.',
    head: 'Head', kind: 'Kind', village: 'Village', address: 'Address', members: 'People', people: '{n} people', place: 'Place', find: 'Member', findHint: 'Name, pinyin, initials or last four of a member',
    of: 'Household of {name}', noHead: 'Head not named', none: 'No household matches', noneText: 'Loosen the conditions, or make a new household.',
    now: 'Members now', past: 'Former members', empty: 'Nobody at present', emptyText: 'Use “Add a member” to take registered people in.', add: 'Add a member', added: 'Member added', history: 'History',
    person: 'Person', personHint: 'Search among people already registered; register others first.', addPerson: 'Find and add a member', other: 'Somebody else', relation: 'Relation to head', relationOf: 'Relation of {name} to the head', from: 'Joined on', to: 'Left on', reason: 'Reason',
    since: 'since {day}', span: '{from} to {to}', end: 'Leaves', endOne: '{name} leaves the household', ended: 'Leaving recorded', drop: 'Remove {name}', created: 'Household made', membersStep: '1. Members', placeStep: '2. Home', hidden: 'outside your scope', succession: 'The head leaves: name the new head and how the others are related.', relationNew: 'Relation of {name} to the new head', kindHint: 'For the people counted in a means test choose “Means-test unit”.',
    by: 'Search', byHead: 'heads only',
    sheet: { title: 'Household sheet', of: 'Household visit sheet: {name}, {place}', note: 'One sheet for one trip: print it, or tick members and record one visit after the other; mode, day and companions go along.', meta: '{kind}    {day}    {n} people    by {name}', start: 'Record visits ({n})', who: 'Who is visited', away: 'lives elsewhere' },
    act: {
      more: 'Change', head: 'Another head', split: 'Split', join: 'Join', about_head: 'Name the new head, and everybody else’s relation to that person.', about_split: 'Tick who goes on as a household of their own; each household has one head.', about_join: 'All members join another household and this one ends; the other head stays.',
      who: 'Who goes', going: 'The new household', staying: 'Who stays', someStay: 'Tick who goes; at least one person stays', into: 'Household to join', chooseInto: 'Choose the household to join', findHead: 'Name, pinyin or initials of its head', on: 'Date',
      done_head: 'Head changed', done_split: 'Household split', done_join: 'Households joined', headless: 'This household has no head: name one.', origin: 'Split from', successor: 'Joined',
    },
    unit: {
      title: 'Means-test unit', of: 'Means-test unit of {name}', note: 'The rule (art. 7) proposes and asks what it misses; a person decides.', source: 'Source: {source} (read in a third-party copy, not checked with the official text)', province: 'Rules of the province go first where they differ.', decide: 'Decide and make the unit', decided: 'Unit decided', reason: 'Why it differs', reasonHint: 'The unit differs from the proposal, or something is not known yet: say why.',
      alone: 'Nobody else stands in the households', aloneText: 'Enter those who are registered or live with this person; then it can be said who belongs.', counts: 'Count {name}', relation: 'Relation to applicant', relationOf: 'Relation of {name} to the applicant', mayAlone: 'may apply alone', noBirth: 'Without a birth date it is not known whether the person is an adult.', basis: 'Basis of the decision', decidedBy: 'decided by {name} on {day}', differs: 'differs from the proposal',
      shared: { hukou: 'registered together', cohabiting: 'lives together' }, belongs: { yes: 'counts', no: 'does not count', unknown: 'to find out' }, value: { yes: 'Yes', no: 'No', unknown: 'Not known' },
      fact: { lives_together: 'Lives together for long', dependent: 'Adult child, cannot live independently', student: 'Full-time study up to bachelor level', duty: 'Legal duty of support exists', religious_away: 'Religious staff, away for three years or more', away_by_law: 'In prison, compulsory detox or declared missing (which is not asked)' },
      why: { applicant: 'the applicant', spouse: 'spouse', minor_child: 'minor child', student_child: 'adult child in study', dependent_child: 'dependent adult child', duty_together: 'legal duty, lives together', no_duty: 'no legal duty', not_together: 'does not live together', independent_child: 'independent adult child, lives elsewhere', religious_away: 'religious staff, away for long', away_by_law: 'not counted by rule', incomplete: 'facts are missing' },
    },
    missing: { village: 'Choose the village', members: 'Choose at least one person', head: 'Name exactly one head', relation: 'Choose the relation to the head', reason: 'Give the reason' },
  },
}
