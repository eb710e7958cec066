/** The library has no types of its own; framework-client.ts says what it uses. */
declare module 'irc-framework' {
  const IRC: { Client: new () => object };
  export default IRC;
}
