/** Words of services in figures. */
export default {
  zh: {
    title: '服务统计', note: '人次：服务了多少次；人数：服务了多少个不同的人。两个数分开统计，不能相加或互换。',
    place: '地区', period: '统计期', span: '期间', month: '月', quarter: '季度', year: '年', quarterOf: '{year} 年第 {n} 季度', yearOf: '{year} 年', monthOf: '{year} 年 {n} 月',
    acts: '人次', people: '人数', hours: '时长（小时）', hoursHint: '不含路途；一次走访服务多人的，时长只计一次', actsHint: '见到本人或家属、照料人的走访，每人每次计 1', peopleHint: '统计期内去重后的人数',
    byService: '按服务类型', byServiceNote: '一次走访可以提供多项服务，各项相加可能大于合计。', art55: '社会救助法第五十五条八项', companion: '陪伴式帮扶五项', byField: '按工作领域', byMode: '按走访方式', byMonth: '按月', byPlace: '按地区', name: '名称',
    all: '全部服务', none: '这个期间没有服务记录', noneText: '换一个期间或地区看看；走访保存后，这里立即更新。', listOf: '查看“{name}”的名单', listNote: '名单按对象现居地列出，且只列您有权查看的人；已迁出或不在您权限内的不列，条数可能少于统计数。', loading: '正在统计…',
  },
  en: {
    title: 'Services in figures', note: 'Acts: how often somebody was served. People: how many different persons. The two are counted apart and never added.',
    place: 'Place', period: 'Period', span: 'Span', month: 'Month', quarter: 'Quarter', year: 'Year', quarterOf: 'Quarter {n} of {year}', yearOf: '{year}', monthOf: '{year}-{n}',
    acts: 'Acts', people: 'People', hours: 'Hours', hoursHint: 'Without travel; a visit to several people counts its time once', actsHint: 'Visits that met the person or a carer: one per person and visit', peopleHint: 'Different persons in the period',
    byService: 'By service', byServiceNote: 'One visit may give several services, so they can add up to more than the total.', art55: 'Eight services of the Social Assistance Law, art. 55', companion: 'Five services of companionship', byField: 'By work field', byMode: 'By mode', byMonth: 'By month', byPlace: 'By place', name: 'Name',
    all: 'All services', none: 'No service in this period', noneText: 'Try another period or place; a visit shows up here as soon as it is saved.', listOf: 'Open the list of “{name}”', listNote: 'The list goes by where people live now and shows only those you may see; it can be shorter than the figure.', loading: 'Counting…',
  },
}
