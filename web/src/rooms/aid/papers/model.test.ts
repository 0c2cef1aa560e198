import { expect, test } from 'vitest'
import { formsFor } from './model'

test('a notice needs an opinion and a policy that is made public, a refusal a refusal', () => {
  expect(formsFor({ state: 'draft', public: true })).toEqual(['application', 'survey'])
  expect(formsFor({ state: 'opinion', public: true })).toEqual(['application', 'survey', 'notice'])
  expect(formsFor({ state: 'publicity', public: false })).toEqual(['application', 'survey'])
  expect(formsFor({ state: 'refused', public: true })).toEqual(['application', 'survey', 'refusal'])
})
