import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { wireClient } from '@/api/client'
import App from '@/app/App.vue'
import { i18n, languageTag } from '@/app/i18n'
import { router } from '@/app/router'
import { useSession } from '@/app/session'
import '@/theme/element'
import '@/theme/tokens.css'
import '@/theme/base.css'
import '@/theme/element.css'

document.documentElement.lang = languageTag()
const app = createApp(App).use(createPinia()).use(i18n).use(router)

wireClient({
  language: languageTag,
  onUnauthenticated: () => {
    useSession().forget()
    const here = router.currentRoute.value
    if (!here.meta.bare) void router.replace({ name: 'login', query: { back: here.fullPath, ended: '1' } })
  },
})

app.mount('#app')
