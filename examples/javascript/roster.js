// Starts a Roster of its own for tests, and ends it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** startRoster starts the program that the variable ROSTER names, with a feed and a NATS server that subscribers reach. */
export async function startRoster() {
  const dir = await mkdtemp(join(tmpdir(), 'roster-'))
  const data = join(dir, 'data')
  const server = spawn(process.env.ROSTER ?? 'roster', ['serve', '--data', data, '--listen', '127.0.0.1:0', '--nats-listen', '127.0.0.1:0'])
  const ended = once(server, 'exit')
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (output += text))
  const stop = async () => {
    if (server.exitCode === null) server.kill('SIGTERM')
    await ended
    await rm(dir, { recursive: true, force: true })
  }
  while (!/Ctrl-C stops/.test(output)) {
    if (server.exitCode !== null) throw new Error(`roster ended: ${output}`)
    await pause(50)
  }
  const [, url] = / serves (http:\/\/[^ ]+)/.exec(output)
  const [, nats] = /Subscribers connect to (\S+)/.exec(output)
  const key = (await readFile(join(data, 'root.key'), 'utf8')).trim()
  /** ask sends a request to the API and returns the answer. */
  const ask = async (request, body) => {
    const [method, path] = request.split(' ')
    const answer = await fetch(url + path, { method, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${request}: ${text}`)
    return JSON.parse(text)
  }
  return { ask, nats, stop }
}
