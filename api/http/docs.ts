/** The OpenAPI document, and a page that shows it. Everything is served from here: the page works without a way to the outside. */
import express, { type Express } from 'express'
import swaggerUi from 'swagger-ui-dist'

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Paidan API</title>
    <link rel="icon" href="favicon-32x32.png">
    <link rel="stylesheet" href="swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`

/** Files of the package that the page needs; its own index.html shows somebody else's API. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']

export function mountDocs(app: Express, base: string, document: object): void {
  const json = JSON.stringify(document)
  const start = `SwaggerUIBundle(${JSON.stringify({ url: `${base}/openapi.json`, dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null, withCredentials: true })})\n`
  app.get(`${base}/openapi.json`, (_req, res) => {
    res.set('Cache-Control', 'public, max-age=60').type('application/json').send(json)
  })
  app.get('/docs', (req, res) => {
    // Relative addresses of the page need the slash.
    if (!req.path.endsWith('/')) res.redirect(301, '/docs/')
    else res.type('html').send(page)
  })
  app.get('/docs/start.js', (_req, res) => {
    res.type('text/javascript').send(start)
  })
  const assets = express.static(swaggerUi.getAbsoluteFSPath(), { index: false, maxAge: '1h' })
  for (const file of files)
    app.get(`/docs/${file}`, (req, res, next) => {
      req.url = `/${file}`
      assets(req, res, next)
    })
}
