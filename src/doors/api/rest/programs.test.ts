import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TownApi } from '../../../../test/people/api-client.ts';
import { Town } from '../../../../test/people/town.ts';
import { formatAppPassword } from '../../../core/app-password.ts';
import { Reader } from '../reader.ts';
import { Programs } from './programs.ts';

describe('programs with app passwords', () => {
  it('[AP13, FL4] wrong ones slow down a whole /64 of IPv6, and nobody beside it', async () => {
    const town = new Town(1);
    const programs = new Programs(new TownApi(town.houses[0]!).door);
    const wrong = { token: formatAppPassword(town.random.bytes(16)), name: null };
    const refusal = async (address: string): Promise<string> => {
      const outcome = await programs.enter(wrong, address);
      return outcome instanceof Reader || !('refused' in outcome) ? '' : outcome.refused.type;
    };
    for (let i = 0; i < 10; i++) assert.equal(await refusal(`2001:db8:0:1::${i}`), 'bad key');
    assert.equal(await refusal('2001:db8:0:1:ffff::1'), 'throttled');
    assert.equal(await refusal('2001:db8:0:2::1'), 'bad key');
    assert.equal(await refusal('::ffff:192.0.2.1'), 'bad key');
  });
});
