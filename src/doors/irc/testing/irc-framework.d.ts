/** The little of irc-framework that the test uses; the package has no types of its own. */
declare module 'irc-framework' {
  interface MessageEvent {
    readonly nick: string;
    readonly message: string;
    readonly tags: Record<string, string>;
  }
  class Client {
    connect(options: object): void;
    join(room: string): void;
    say(target: string, text: string): void;
    action(target: string, text: string): void;
    setTopic(room: string, text: string): void;
    quit(reason: string): void;
    on(event: 'message', take: (event: MessageEvent) => void): void;
    on(event: 'userlist', take: (event: { users: { nick: string }[] }) => void): void;
    on(event: 'topic', take: (event: { topic: string }) => void): void;
    on(event: 'registered', take: (event: { nick: string }) => void): void;
    on(event: 'loggedin', take: (event: { account: string }) => void): void;
  }
  const library: { readonly Client: typeof Client };
  export default library;
}
