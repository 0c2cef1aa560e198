/** Words of the first page of the day. */
export default {
  zh: { title: '今天' },
  en: { title: 'Today' },
}
