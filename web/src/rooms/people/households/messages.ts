/** Words of the households room. */
export default {
  zh: {
    title: '家庭户', one: '家庭户', new: '新建家庭户', note: '户籍户、共同居住户、救助核算单元分别登记，不混为一户。', newNote: '先选成员，第一位默认为户主，村（社区）随成员带出。',
    head: '户主', kind: '户类型', village: '村（社区）', address: '住址', members: '人数', people: '{n} 人', place: '地区', find: '成员', findHint: '成员姓名、拼音、首字母或后四位',
    of: '{name}户', noHead: '户主未定', none: '没有符合条件的家庭户', noneText: '可以放宽查询条件，或新建一户。',
    now: '现有成员', past: '曾经的成员', empty: '现在没有成员', emptyText: '点“添加成员”把已登记的人加入本户。', add: '添加成员', added: '成员已添加', history: '变更历史',
    person: '人员', personHint: '从已登记的人员中查找；还没有登记的请先登记。', addPerson: '查找并加入成员', other: '换一人', relation: '与户主关系', relationOf: '{name}与户主关系', from: '加入日期', to: '离开日期', reason: '原因',
    since: '{day} 起', span: '{from} 至 {to}', end: '离户', endOne: '{name}离户', ended: '已登记离户', drop: '移除{name}', created: '家庭户已建立', membersStep: '一、成员', placeStep: '二、住处', hidden: '不在您的查看范围内', succession: '户主离户，请重新指定户主和其他成员的关系。', relationNew: '{name}与新户主关系', kindHint: '低保等核算口径的人员请选“救助核算单元”。',
    missing: { village: '请选择村（社区）', members: '请至少选一人', head: '请指定一位户主，只能有一位', relation: '请选择与户主关系', reason: '请写明原因' },
  },
  en: {
    title: 'Households', one: 'Household', new: 'New household', note: 'Registered household, people living together and means-test unit are kept apart.', newNote: 'Choose the members first; the first one is the head and brings the village along.',
    head: 'Head', kind: 'Kind', village: 'Village', address: 'Address', members: 'People', people: '{n} people', place: 'Place', find: 'Member', findHint: 'Name, pinyin, initials or last four of a member',
    of: 'Household of {name}', noHead: 'Head not named', none: 'No household matches', noneText: 'Loosen the conditions, or make a new household.',
    now: 'Members now', past: 'Former members', empty: 'Nobody at present', emptyText: 'Use “Add a member” to take registered people in.', add: 'Add a member', added: 'Member added', history: 'History',
    person: 'Person', personHint: 'Search among people already registered; register others first.', addPerson: 'Find and add a member', other: 'Somebody else', relation: 'Relation to head', relationOf: 'Relation of {name} to the head', from: 'Joined on', to: 'Left on', reason: 'Reason',
    since: 'since {day}', span: '{from} to {to}', end: 'Leaves', endOne: '{name} leaves the household', ended: 'Leaving recorded', drop: 'Remove {name}', created: 'Household made', membersStep: '1. Members', placeStep: '2. Home', hidden: 'outside your scope', succession: 'The head leaves: name the new head and how the others are related.', relationNew: 'Relation of {name} to the new head', kindHint: 'For the people counted in a means test choose “Means-test unit”.',
    missing: { village: 'Choose the village', members: 'Choose at least one person', head: 'Name exactly one head', relation: 'Choose the relation to the head', reason: 'Give the reason' },
  },
}
