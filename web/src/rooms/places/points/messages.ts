/** Words of the points room; status, plaque and counting speak with the words of the stations room. */
export default {
  zh: {
    title: '社工点', one: '社工点', note: '设在村（社区）的社会工作服务点，由所属社工站管理。', new: '新增社工点', edit: '修改信息', editShort: '修改', open: '查看', of: '所属社工站：{name}',
    empty: '还没有社工点', emptyText: '社工点设在村（社区），依托现有场地。请先有社工站，再登记社工点。', none: '—', unknown: '未登记', saved: '已保存', facts: '基本信息',
    days: '每周 {n} 天', covered: '覆盖的村（社区）：{n} 个', coversNothing: '还没有登记覆盖的村（社区）。',
    filter: { place: '地区', anywhere: '全部地区', anyStation: '全部社工站', all: '全部状态', on: '截止日期', today: '今天' },
    station: { choose: '输入站名查找', none: '没有找到社工站' },
    field: { name: '名称', station: '所属社工站', seat: '驻村（社区）', status: '状态', counted: '覆盖统计', coveredCount: '覆盖村数', covered: '覆盖的村（社区）', area_id: '所属片区', area: '所属片区', plaque_on: '挂牌日期', days_open_per_week: '每周开放天数', premises: '依托场地', from: '设立日期' },
    form: {
      what: '社工点', villages: '村（社区）', newNote: '登记后状态为“规划”，再逐步变更到“运作”。', nameHint: '例如：某某村社工服务点', premisesHint: '例如：村综合服务中心、党群服务中心', stationFirst: '请先选择所属社工站，再选择村（社区）。',
      fromHint: '补录早已设立的社工点时填写', seatFixed: '登记后不能更换；如已迁走，请撤销后另行登记', seatHint: '社工点所在的村（社区）', coveredHint: '包括驻村（社区）；可选多个', noArea: '不分片区', noAreas: '该站还没有片区', created: '已登记社工点', editOf: '修改“{name}”',
    },
  },
  en: {
    title: 'Points', one: 'Point', note: 'Service points in villages, run by a station.', new: 'New point', edit: 'Edit', editShort: 'Edit', open: 'Open', of: 'Station: {name}',
    empty: 'No points yet', emptyText: 'Points stand in villages and use rooms that are there. Enter the station first, then its points.', none: '—', unknown: 'not recorded', saved: 'Saved', facts: 'Basic facts',
    days: '{n} days a week', covered: 'Villages covered: {n}', coversNothing: 'No villages entered yet.',
    filter: { place: 'Place', anywhere: 'Everywhere', anyStation: 'Any station', all: 'Any status', on: 'As of', today: 'Today' },
    station: { choose: 'Type part of the name', none: 'No station found' },
    field: { name: 'Name', station: 'Station', seat: 'Seat', status: 'Status', counted: 'Coverage', coveredCount: 'Villages', covered: 'Villages covered', area_id: 'Area', area: 'Area', plaque_on: 'Plaque on', days_open_per_week: 'Days open a week', premises: 'Premises', from: 'Set up on' },
    form: {
      what: 'Point', villages: 'Villages', newNote: 'A new point starts as “planned” and moves on step by step.', nameHint: 'Full name of the point', premisesHint: 'For example: the village service centre', stationFirst: 'Choose the station first, then the villages.',
      fromHint: 'For a point that has been there for long', seatFixed: 'Cannot be changed; close this point and enter another if it has moved', seatHint: 'The village where the point stands', coveredHint: 'Including the seat; more than one may be chosen', noArea: 'No area', noAreas: 'This station has no areas yet', created: 'Point entered', editOf: 'Edit “{name}”',
    },
  },
}
