/** Shows the page for every path that is no file's, so that an address can be kept and opened again. */
export const SHOW_THE_PAGE_CODE = `function handler(event) {
  var request = event.request;
  var last = request.uri.slice(request.uri.lastIndexOf("/") + 1);
  if (!last.includes(".")) request.uri = "/index.html";
  return request;
}
`;

/**
 * Takes off what a browser adds of itself: MCP servers refuse an Origin that they do not know, and the gateway has no use
 * for the others. Cookies are no header in this form of an event: deleting `cookie` would do nothing.
 */
export const ANONYMOUS_CALLER_CODE = `function handler(event) {
  var request = event.request;
  delete request.headers.origin;
  delete request.headers.referer;
  request.cookies = {};
  return request;
}
`;
