// Draws this process' API description; its address stands in the page.

const root = document.getElementById("api");

globalThis.SwaggerUIBundle({
  domNode: root,
  url: root.dataset.schema,
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false, // an access token is not left behind in the browser
  validatorUrl: null,
});
