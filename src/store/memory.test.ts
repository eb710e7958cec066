import { beyondContract } from '../../test/contract/beyond.ts';
import { hangingContract } from '../../test/contract/hanging.ts';
import { ownContract } from '../../test/contract/own.ts';
import { type StoreMaker, storeContract } from '../../test/contract/store.ts';
import { suite } from '../../test/fixture/writer.ts';
import { MemoryStore } from './memory.ts';

function make(): StoreMaker {
  const store = new MemoryStore(suite);
  return { open: async () => store, spoil: (entry) => store.spoil(entry), done: async () => undefined };
}

storeContract('memory', make);
ownContract('memory', make);
hangingContract('memory', make);
beyondContract('memory', make);
