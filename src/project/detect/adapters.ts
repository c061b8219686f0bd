/** Make a WSGI application of an ASGI application. */
export const TO_WSGI: ReadonlySet<string> = new Set(['a2wsgi.ASGIMiddleware', 'a2wsgi.asgi.ASGIMiddleware']);

/** Make an ASGI application of a WSGI application. */
export const TO_ASGI: ReadonlySet<string> = new Set([
  'a2wsgi.WSGIMiddleware',
  'a2wsgi.wsgi.WSGIMiddleware',
  'asgiref.wsgi.WsgiToAsgi',
  'fastapi.middleware.wsgi.WSGIMiddleware',
  'hypercorn.middleware.AsyncioWSGIMiddleware',
  'hypercorn.middleware.TrioWSGIMiddleware',
  'starlette.middleware.wsgi.WSGIMiddleware',
  'uvicorn.middleware.wsgi.WSGIMiddleware',
]);
