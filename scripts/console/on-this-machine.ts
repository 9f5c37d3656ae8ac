/** Where the template says that a page on this machine is found: Cognito leads back there, port included. */
export const CONSOLE_ON_THIS_MACHINE = "http://localhost:4603";
