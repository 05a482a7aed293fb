import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect, credsAuthenticator } from '@nats-io/transport-node'
import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { startRoster } from './roster.js'
import { Subscriber, toCloudEvent } from './subscriber.js'

let roster
before(async () => (roster = await startRoster()))
after(() => roster?.stop())

/** connectAs makes a subscriber of some organizations and connects with its credentials. */
async function connectAs(t, name, organizations) {
  const { credentials } = await roster.ask('POST /v1/subscribers', { name, organizations })
  const connection = await connect({
    servers: roster.nats, authenticator: credsAuthenticator(new TextEncoder().encode(credentials)),
  })
  t.after(() => connection.close())
  return connection
}

/** createOrganization creates one in which bob is on the project apollo. */
async function createOrganization(id) {
  await roster.ask('POST /v1/organizations', { id, name: id, scheme: 'github', owner: 'ada' })
  await roster.ask(`POST /v1/organizations/${id}/members`, { user: 'bob', role: 'member' })
  await roster.ask(`POST /v1/organizations/${id}/projects`, { id: 'apollo', name: 'Apollo' })
  await roster.ask(`POST /v1/organizations/${id}/projects/apollo/members`, { user: 'bob', role: 'write' })
}

/** Commands collects what a subscriber applies, and waits until an event of a type is among it. */
class Commands {
  all = []
  #waiting = []
  apply = (organization, events, whole) => {
    this.all.push({ organization, events, whole })
    for (const w of this.#waiting) if (events.some((e) => e.type === w.type)) w.resolve()
  }
  until(type) {
    return new Promise((resolve) => this.#waiting.push({ type, resolve }))
  }
  get ids() {
    return this.all.flatMap((c) => c.events.map((e) => e.id))
  }
}

/** read runs a subscriber until an event of a type is applied. */
async function read(subscriber, commands, type, request) {
  const found = commands.until(type)
  const running = subscriber.run(request)
  await Promise.race([found, running])
  await subscriber.stop()
  await running
}

test('a subscriber applies whole commands of its organization, none twice', async (t) => {
  await createOrganization('acme')
  await createOrganization('globex')
  const connection = await connectAs(t, 'billing', ['acme'])
  await roster.ask('DELETE /v1/organizations/acme/members/bob')

  const commands = new Commands()
  const subscriber = new Subscriber(connection, 'billing', commands.apply)
  await read(subscriber, commands, 'access.revoked.v1', { start: { beginning: true } })

  assert.deepEqual(commands.all.map((c) => c.events[0].id), ['acme/1/0', 'acme/2/0', 'acme/3/0', 'acme/4/0', 'acme/5/0'])
  for (const { organization, events, whole } of commands.all) {
    assert.equal(organization, 'acme')
    assert.ok(whole)
    assert.deepEqual(events.map((e) => Number(e.index)), Array.from({ length: Number(events[0].count) }, (_, i) => i))
  }
  const revoked = commands.all.at(-1).events.find((e) => e.type === 'access.revoked.v1')
  assert.equal(revoked.subject, 'user/bob')
  assert.equal(revoked.data.project, 'apollo')
  assert.equal(revoked.data.from.role, 'write')
  assert.equal(revoked.data.cause, 'acme/5/0')

  // Another process goes on where this one ended.
  await roster.ask('POST /v1/organizations/acme/members', { user: 'cleo', role: 'member' })
  const later = new Commands()
  await read(new Subscriber(connection, 'billing', later.apply, subscriber.applied), later, 'membership.joined.v1')
  assert.deepEqual(later.ids, ['acme/6/0'])

  // Read again from the beginning, what is applied is skipped.
  await roster.ask('DELETE /v1/organizations/acme/members/cleo')
  const again = new Commands()
  await read(new Subscriber(connection, 'billing', again.apply, subscriber.applied), again, 'membership.removed.v1', { restart: true, start: { beginning: true } })
  assert.deepEqual(again.ids, ['acme/7/0'])
})

test('what fails is applied again', async (t) => {
  await createOrganization('initech')
  const connection = await connectAs(t, 'retrying', ['initech'])
  const commands = new Commands()
  let failures = 0
  const subscriber = new Subscriber(connection, 'retrying', (organization, events, whole) => {
    if (events[0].type === 'project.created.v1' && failures++ === 0) throw new Error('the first time')
    commands.apply(organization, events, whole)
  })
  await read(subscriber, commands, 'project_membership.added.v1', { start: { beginning: true } })
  assert.equal(failures, 2)
  assert.deepEqual(commands.all.map((c) => c.events[0].id), ['initech/1/0', 'initech/2/0', 'initech/3/0', 'initech/4/0'])
})

test('events match the JSON Schemas that they name', async (t) => {
  await createOrganization('umbrella')
  const connection = await connectAs(t, 'strict', ['umbrella'])
  const commands = new Commands()
  await read(new Subscriber(connection, 'strict', commands.apply), commands, 'access.granted.v1', { start: { beginning: true } })
  const ajv = new Ajv()
  formats(ajv)
  ajv.addSchema(await roster.ask('GET /schemas.json'))
  for (const event of commands.all.flatMap((c) => c.events)) {
    const validate = ajv.getSchema(event.dataschema)
    assert.ok(validate, event.dataschema)
    assert.ok(validate(event.data), `${event.id}: ${ajv.errorsText(validate.errors)}`)
  }
})

test('a subscriber may not read another organization', async (t) => {
  await createOrganization('hooli')
  const connection = await connectAs(t, 'curious', ['hooli'])
  const subscriber = new Subscriber(connection, 'curious', () => {})
  await assert.rejects(subscriber.run({ organizations: ['acme'] }), { code: 'forbidden' })
})

test('a name whose credentials the connection does not have ends it', async (t) => {
  await createOrganization('tyrell')
  const connection = await connectAs(t, 'named', ['tyrell'])
  const subscriber = new Subscriber(connection, 'misnamed', () => {})
  await assert.rejects(subscriber.run(), { code: 'forbidden', message: /credentials of subscriber misnamed/ })
})

test('a connection that is closed for good ends it', async (t) => {
  await createOrganization('cyberdyne')
  const connection = await connectAs(t, 'revoked', ['cyberdyne'])
  const commands = new Commands()
  const created = commands.until('organization.created.v1')
  const running = new Subscriber(connection, 'revoked', commands.apply).run({ start: { beginning: true } })
  await Promise.race([created, running])
  await Promise.all([
    assert.rejects(running, /closed for good: .*ignoreAuthErrorAbort/s),
    roster.ask('DELETE /v1/subscribers/revoked'),
  ])
})

test('headers are decoded', () => {
  const headers = new Map(Object.entries({
    'ce-specversion': ['1.0'], 'ce-id': ['acme/1/0'], 'ce-type': ['membership.joined.v1'], 'ce-source': ['/v1/organizations/acme'],
    'ce-subject': ['user/b%C3%B8%20b'], 'ce-cause': ['a%20100%25%20reason'], 'ce-dataschema': ['roster:membership.joined.v1'],
    'content-type': ['application/json'], 'Nats-Msg-Id': ['not an attribute'],
  }))
  const event = toCloudEvent({ headers, string: () => '{"member":"bø b"}' })
  assert.ok(event.validate())
  assert.equal(event.subject, 'user/bø b')
  assert.equal(event.cause, 'a 100% reason')
  assert.deepEqual(event.data, { member: 'bø b' })
})
