// Validates the AsyncAPI document with the official parser.
import { readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'

const { document, diagnostics } = await new Parser().parse(readFileSync('asyncapi.json', 'utf8'))
// Severities: 0 is an error, 1 a warning, 2 information, such as that there is a newer version of AsyncAPI.
const found = diagnostics.filter((d) => d.severity <= 1)
for (const d of found) console.log(d.severity, d.code, d.path.join('/'), d.message)
console.log(`${document?.allMessages().length ?? 'no'} messages, ${found.length} problems`)
process.exit(document && found.length === 0 ? 0 : 1)
