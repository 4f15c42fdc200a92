// The page to try the API: Swagger UI over our schema, with the session of who looks at it.
(() => {
  const place = document.getElementById("api");
  if (!place || !window.SwaggerUIBundle) return;
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    validatorUrl: null,
    requestInterceptor(request) {
      if (request.method === "POST") request.headers["X-CSRFToken"] = place.dataset.csrf;
      return request;
    },
  });
})();
