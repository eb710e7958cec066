/** What the node says before anybody has a session: whose network it is, and who may come in (`hello`, src/api/protocol.ts). */

export interface Facts {
  readonly network: string;
  readonly node: string;
  readonly guests: boolean;
  readonly registration: 'open' | 'invite' | 'closed';
}

const HELLO_MS = 5000;

export function askFacts(origin: string = location.origin): Promise<Facts> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/api/v1/socket`);
    const end = (): void => {
      clearTimeout(timer);
      socket.onclose = null;
      socket.close();
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error('the node does not answer'));
    }, HELLO_MS);
    socket.onclose = () => {
      end();
      reject(new Error('the node does not answer'));
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      end();
      const { network, node, guests, registration } = JSON.parse(data) as {
        network: { name: string };
        node: { name: string };
      } & Pick<Facts, 'guests' | 'registration'>;
      resolve({ network: network.name, node: node.name, guests, registration });
    };
  });
}
