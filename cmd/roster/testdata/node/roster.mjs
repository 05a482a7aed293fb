import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

// startRoster starts Roster with the organizations that files declare. It ends with stop, or when this process ends.
export async function startRoster(...files) {
  const args = ['serve', '--ephemeral', '--log-level', 'error', ...files.flatMap((file) => ['--seed', file])]
  const child = spawn(process.env.ROSTER ?? 'roster', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(([code]) => { throw new Error(`roster ended with ${code}`) }),
  ])
  const { http, key, ...at } = JSON.parse(line)

  // call asks the HTTP API, as the system or as somebody.
  async function call(method, path, body, actor) {
    const headers = { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }), ...(actor && { 'Roster-Actor': actor }) }
    const answer = await fetch(http + path, { method, headers, body: body && JSON.stringify(body) })
    const said = await answer.json()
    if (!answer.ok) throw new Error(said.detail)
    return said
  }

  async function stop() {
    child.stdin.end()
    await ended
  }
  return { ...at, http, key, call, stop }
}
