import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startRoster } from './roster.mjs'

let roster
before(async () => { roster = await startRoster(`${import.meta.dirname}/acme.yaml`) })
after(() => roster.stop())

async function may(user, permission, project) {
  const { answers } = await roster.call('POST', '/v1/access:check', { questions: [{ organization: 'acme', user, project, permission }] })
  return answers[0].allowed
}

test('who leaves the organization leaves its projects', async () => {
  assert.equal(await may('bob', 'code', 'apollo'), true)
  await roster.call('DELETE', '/v1/organizations/acme/members/bob', undefined, 'ada')
  assert.equal(await may('bob', 'code', 'apollo'), false)
})

test('members remove nobody', async () => {
  await assert.rejects(roster.call('DELETE', '/v1/organizations/acme/members/ada', undefined, 'cleo'), /does not allow/)
})
