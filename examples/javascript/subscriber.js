// Reads the feed of Roster: whole commands, in the order of each organization, and none twice.
import { setTimeout as pause } from 'node:timers/promises'
import { jetstream } from '@nats-io/jetstream'
import { PermissionViolationError } from '@nats-io/transport-node'
import { HTTP } from 'cloudevents'

// partSize is how many events of one command are applied at once at most. Roster has 1,000 messages on their way before it waits for
// acknowledgements, and one command can have more.
const partSize = 500

// clockDifference is the largest one between two servers that keep the stream, in milliseconds.
const clockDifference = 60_000

/** toCloudEvent makes a CloudEvent of a message. CloudEvents on NATS have the same headers as on HTTP, in binary mode. */
export function toCloudEvent(message) {
  const headers = {}
  for (const [name, [value]] of message.headers) {
    if (name.startsWith('ce-') || name === 'content-type') headers[name] = decodeURIComponent(value)
  }
  return HTTP.toEvent({ headers, body: message.string() })
}

/** Problem is an answer of Roster that says no. Its code is stable, its message for people. */
export class Problem extends Error {
  constructor({ code, detail }) {
    super(detail)
    this.code = code
  }
}

/** ask asks Roster something on behalf of a subscriber; see the requests of the AsyncAPI document. */
export async function ask(connection, subscriber, what, request) {
  const message = await connection.request(`roster.subscribers.${subscriber}.${what}`, JSON.stringify(request), { timeout: 5_000 }).catch((error) => {
    if (![error, error.cause].some((e) => e instanceof PermissionViolationError)) throw error
    throw new Problem({ code: 'forbidden', detail: `The connection does not have the credentials of subscriber ${subscriber}: name the one whose credentials it has.` })
  })
  const answer = message.json()
  if (answer.problem) throw new Problem(answer.problem)
  return answer
}

/**
 * Subscriber calls apply(organization, events, whole) with the CloudEvents of each command, in order. The events of one command come in one
 * call, or, if they are very many, in several: whole is false for all but the last.
 *
 * Roster keeps how far the subscriber has come, and sends again what was not acknowledged. The subscriber skips what it
 * has applied, by the map applied: an organization's id, and the version and index of its last event. A program that may not apply
 * anything twice keeps this map where it keeps its data, in the same transaction, and hands it in when it starts again.
 */
export class Subscriber {
  #connection
  #name
  #apply
  #stopped = false
  #messages
  #consumer
  #opened // when the consumer was opened, by the server's clock
  #pin // which reader of the consumer this one is
  #last // the number of the consumer's last message
  #parts = new Map() // messages of each organization that wait for the rest of their command
  #complete // the position up to which everything is applied
  #epochs = new Set()
  #gap

  constructor(connection, name, apply, applied = new Map()) {
    this.#connection = connection
    this.#name = name
    this.#apply = apply
    this.applied = applied
  }

  /**
   * run reads until stop is called. The request has the fields of OpenRequest, such as {start: {beginning: true}}. It throws what
   * trying again does not help with: a Problem, or an Error if the connection is closed for good.
   */
  async run(request = {}) {
    while (!this.#stopped) {
      try {
        await this.#read(request)
      } catch (error) {
        if (error instanceof ReadAgain) {
          request = { ...request, restart: true, start: error.start }
          continue
        }
        // Asked again after a while, these have another answer.
        const temporary = !(error instanceof Problem) || ['rebuilding', 'unavailable', 'too_many_readers'].includes(error.code)
        if (!temporary) throw error
        if (this.#connection.isClosed()) {
          const reason = (await this.#connection.closed()) ?? error
          throw new Error(`the connection is closed for good: ${reason.message}. Connect with maxReconnectAttempts: -1, and with ignoreAuthErrorAbort: true if keys are rotated`, { cause: reason })
        }
        console.error(`reading the feed: ${error.message}; trying again`)
        await pause(1_000)
      }
    }
  }

  /** stop ends run after the command that is being applied. */
  async stop() {
    this.#stopped = true
    await this.#messages?.close()
  }

  async #read(request) {
    const { consumer, group } = await ask(this.#connection, this.#name, 'open', { ...request, durable: true })
    delete request.restart
    this.#consumer = await jetstream(this.#connection).consumers.get('EVENTS', consumer)
    this.#opened = Date.parse((await this.#consumer.info(true)).ts)
    this.#pin = this.#last = undefined
    this.#parts.clear()
    this.#messages = await this.#consumer.consume({ group, max_messages: 500, expires: 5_000, abort_on_missing_resource: true })
    try {
      for await (const message of this.#messages) {
        if (this.#stopped) break
        await this.#take(message)
      }
    } finally {
      await this.#messages.close()
      // Otherwise the next reader waits 10 seconds, in which this one could come back.
      await ask(this.#connection, this.#name, 'close', { consumer, group, pin: this.#pin }).catch(() => {})
    }
  }

  async #take(message) {
    const event = toCloudEvent(message)
    await this.#checkOrder(message)
    await this.#checkEpoch(message, event.epoch)
    if (event.type === 'heartbeat.v1') {
      this.#advance(event)
      message.ack()
    } else {
      await this.#collect(message, event)
    }
  }

  // checkOrder fails if messages before this one are with another reader, who has not acknowledged them: they would come later.
  async #checkOrder(message) {
    const { deliverySequence, deliveryCount } = message.info
    const pin = message.headers.get('Nats-Pin-Id')
    if (pin !== this.#pin) {
      await this.#connection.flush()
      const { ack_floor: floor } = await this.#consumer.info()
      if (deliveryCount > 1 || deliverySequence !== floor.consumer_seq + 1) throw new ReadAgain(await this.#floor())
    } else if (deliverySequence !== this.#last + 1) {
      throw new ReadAgain(await this.#start())
    }
    this.#pin = pin
    this.#last = deliverySequence
  }

  // checkEpoch fails if Roster, or one of its nodes, began anew since the consumer was opened: then messages before this one may be others.
  async #checkEpoch(message, epoch) {
    if (this.#epochs.has(epoch)) return
    this.#epochs.add(epoch)
    const known = this.#epochs.size > 1
    if (known && message.info.timestampNanos / 1e6 > this.#opened - clockDifference) throw new ReadAgain(await this.#start())
  }

  async #collect(message, event) {
    const organization = event.source.slice(event.source.lastIndexOf('/') + 1)
    const [version, previous, index, count] = [event.version, event.previousversion, event.index, event.count].map(Number)
    const last = this.applied.get(organization)
    if (last && (version < last.version || (version === last.version && index <= last.index))) {
      message.ack()
      return
    }
    if (last && previous > last.version) await this.#missing(event)
    const part = this.#parts.get(organization) ?? []
    this.#parts.set(organization, part)
    part.push({ message, event })
    const whole = index === count - 1
    if (!whole && part.length < partSize) return
    await this.#apply(organization, part.map((p) => p.event), whole)
    this.applied.set(organization, { version, index })
    this.#parts.delete(organization)
    for (const p of part) p.message.ack()
    this.#advance(event)
  }

  // missing is called with an event before which others are missing.
  async #missing(event) {
    if (this.#gap === event.id) throw new Problem({ code: 'snapshot_needed', detail: `messages before ${event.id} are not in the stream: take a snapshot with "roster export snapshot", and begin after its position, with restart` })
    this.#gap = event.id
    throw new ReadAgain(await this.#start())
  }

  #advance(event) {
    if (this.#parts.size === 0) this.#complete = Number(event.complete)
  }

  // start is behind what is applied.
  async #start() {
    return this.#complete === undefined ? this.#floor() : { after: this.#complete }
  }

  // floor is behind what is acknowledged.
  async #floor() {
    const { ack_floor: floor } = await this.#consumer.info()
    return floor.stream_seq > 0 ? { sequence: floor.stream_seq } : { beginning: true }
  }
}

/** ReadAgain says that reading has to begin again, and where. */
class ReadAgain extends Error {
  constructor(start) {
    super('messages are missing, or out of order')
    this.start = start
  }
}
