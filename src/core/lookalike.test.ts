import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { confusablesSource, unicodeData } from '../../test/unicode/make-confusables.ts';
import { lookAlike, looksOf, NameIndex, scriptFault, skeletonOf } from './lookalike.ts';
import { checkName, foldName } from './text.ts';

const words = fc.string({ unit: fc.constantFrom(...'aаοo0OlI1|mrnвbВ-_é'), minLength: 1, maxLength: 5 });

describe('names that look alike', () => {
  it('[NM1] the examples of Unicode are found, and names that differ to the eye are not', () => {
    assert.equal(skeletonOf('раураӏ'), 'paypal');
    assert.equal(skeletonOf('𝔭𝒶ỿ𝕡𝕒ℓ'), 'paypal');
    for (const [one, other] of [
      ['paypal', 'раураӏ'],
      ['apple', 'аррӏе'],
      ['paypal', 'PaypaI'],
      ['paypal', 'paypa1'],
      ['paypal', 'PAYPA|'],
      ['corn', 'com'],
      ['MaxI', 'maxl'],
      ['b0b', 'Bob'],
      ['scope', 'ѕсоре'],
      ['toys-r-us', 'tоys-r-us'],
      ['ſun', 'fun'],
      ['ﬁne', 'fine'],
      ['jesús', 'jes\u0075\u0301s'],
    ] as const) {
      assert.ok(lookAlike(one, other) && lookAlike(other, one), `${one} and ${other}`);
    }
    for (const [one, other] of [
      ['paypal', 'paypai'],
      ['jesus', 'jesús'],
      ['anna', 'ann'],
      ['田中', '由中'],
    ] as const) {
      assert.ok(!lookAlike(one, other), `${one} and ${other}`);
    }
  });

  it('[NM1] whatever name is the same by comparison looks the same, and each character looks like what the data says', () => {
    fc.assert(fc.property(words, (name) => lookAlike(name, foldName(name)) && lookAlike(name, name.toUpperCase())));
    for (const [from, to] of unicodeData()) {
      // What decomposes is decomposed before the table is asked, says UTS 39; of the palochka we know better.
      if (from !== from.normalize('NFD') || from === 'ӏ' || !('name' in checkName(`a${from}`))) continue;
      assert.ok(lookAlike(`a${from}`, `a${to}`), `${from} and ${to}`);
    }
  });

  it('[NM1] the table is what its source makes', () => {
    assert.equal(readFileSync(join(import.meta.dirname, 'confusables.ts'), 'utf8'), confusablesSource());
  });

  it('[NM1] plain letters look like what the data says, too', () => {
    const data = unicodeData();
    for (let code = 32; code < 127; code++) {
      const letter = String.fromCharCode(code);
      if ('name' in checkName(`a${letter}`)) assert.equal(skeletonOf(letter), data.get(letter) ?? letter);
    }
  });

  it('[NM2] one script, or one of the mixtures that people write, is let in; digits and signs go with all', () => {
    for (const name of ['Ann_1', 'Алиса-2', 'Ελένη', 'محمد', '田中さくらXカ', '陳ㄅabc', '김李kim', 'नेहा', 'ชื่อ', 'ᏣᎳᎩ', 'x̌a', '_{|}_']) {
      assert.equal(scriptFault(name), null, name);
    }
    for (const name of ['pаypal', 'Aлиса', 'Ελeni', 'ab한か', 'かㄅ', 'нет中', 'שלוםa', '𝐩аypal']) {
      assert.equal(scriptFault(name), 'mixed scripts', name);
    }
    assert.equal(scriptFault('𐌰𐌱'), 'unknown script');
  });

  it('[NM3] the index of names finds what comparing with each would find', () => {
    const acts = fc.array(fc.tuple(fc.constantFrom('add', 'remove', 'find'), words), { maxLength: 40 });
    fc.assert(
      fc.property(acts, (list) => {
        const index = new NameIndex();
        const twin: string[] = [];
        for (const [act, name] of list) {
          if (act === 'add') {
            index.add(name);
            twin.push(name);
          } else if (act === 'remove') {
            index.remove(name);
            if (twin.includes(name)) twin.splice(twin.indexOf(name), 1);
          }
          const alike = new Set(twin.filter((one) => foldName(one) !== foldName(name) && lookAlike(one, name)));
          assert.deepEqual(new Set(index.find(name)), alike);
        }
      }),
    );
  });

  it('[NM3] a look of a look is itself', () => {
    for (const [from] of unicodeData()) {
      if ('name' in checkName(from)) for (const look of looksOf(from)) assert.deepEqual(looksOf(look), [look], from);
    }
  });
});
