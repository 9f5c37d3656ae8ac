// Named one by one: of a package that is asked for as a whole nothing is left out.
export {
  exchangeAuthorization,
  OAuthError,
  refreshAuthorization,
  startAuthorization,
} from "@modelcontextprotocol/client";
