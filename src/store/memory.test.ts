import { storeContract } from '../../test/contract/store.ts';
import { suite } from '../../test/fixture/writer.ts';
import { MemoryStore } from './memory.ts';

storeContract('memory', () => {
  const store = new MemoryStore(suite);
  return { open: async () => store, spoil: (entry) => store.spoil(entry), done: async () => undefined };
});
