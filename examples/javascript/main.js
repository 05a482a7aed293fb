// Prints who has no access to a project any more. Usage: node main.js NAME [FILE.creds]
import { readFileSync } from 'node:fs'
import { connect, credsAuthenticator } from '@nats-io/transport-node'
import { Subscriber } from './subscriber.js'

const [name, creds] = process.argv.slice(2)
if (!name) {
  console.error('usage: node main.js NAME [FILE.creds], where NAME is that of the subscriber; NATS_URL says where NATS is')
  process.exit(2)
}
const connection = await connect({
  servers: process.env.NATS_URL ?? 'nats://127.0.0.1:4222',
  maxReconnectAttempts: -1,
  authenticator: creds && credsAuthenticator(readFileSync(creds)),
})
const subscriber = new Subscriber(connection, name, (organization, events) => {
  for (const { type, data, time } of events) {
    if (type === 'access.revoked.v1') console.log(`${time} ${organization}: ${data.user} has no access to ${data.project} any more`)
  }
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => subscriber.stop())
try {
  await subscriber.run({ start: { beginning: true } })
} catch (error) {
  console.error(`reading the feed: ${error.message}`)
  process.exitCode = 1
}
if (!connection.isClosed()) await connection.drain()
