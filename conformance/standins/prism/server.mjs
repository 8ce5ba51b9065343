// Prism's command line on a free port: it holds requests to a published OpenAPI document and answers by it, or passes them on.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

const { mode, document, upstream } = JSON.parse(process.env.STANDIN)
const cli = new URL('node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url).pathname

const probe = createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address()
  probe.close(() => start(port))
})

function start(port) {
  const told = [cli, mode, '--errors', '-h', '127.0.0.1', '-p', String(port), document, ...(upstream ? [upstream] : [])]
  const prism = spawn(process.execPath, told, { stdio: ['ignore', 'pipe', 'inherit'] })
  process.on('SIGTERM', () => prism.kill())
  prism.on('exit', (code) => process.exit(code ?? 0))
  let said = ''
  prism.stdout.on('data', (chunk) => {
    if (said === null) return
    said += chunk
    if (!said.includes('Prism is listening')) return
    said = null
    console.log(port)
  })
}
