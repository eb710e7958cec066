import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareText, concatBytes, equalBytes, fromHex, toHex } from './bytes.ts';
import { DecodeError, decoding, Reader, Writer } from './codec.ts';
import { seededRandom } from './prng.ts';
import { isoTime } from './time.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('lib', () => {
  it('[LB1] bytes: hexadecimal text goes there and back, keeps the order, and is refused where it is none', () => {
    fc.assert(fc.property(bytes, (b) => equalBytes(fromHex(toHex(b)), b)));
    fc.assert(fc.property(bytes, bytes, (a, b) => Math.sign(compareText(toHex(a), toHex(b))) === Math.sign(Buffer.compare(a, b))));
    fc.assert(fc.property(bytes, fc.nat(300), (b, from) => toHex(b, from) === Buffer.from(b.subarray(from)).toString('hex')));
    for (const bad of ['a', 'AA', 'zz', 'a ']) assert.throws(() => fromHex(bad), RangeError);
    assert.deepEqual(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)), Uint8Array.of(1, 2, 3));
  });

  it('[LB2] codec: what is written is read again', () => {
    const wellFormed = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(fc.maxSafeNat(), wellFormed, bytes, (n, text, blob) => {
        const reader = new Reader(new Writer(1).varint(n).text(text).blob(blob).u8(7).done());
        assert.equal(reader.varint(), n);
        assert.equal(reader.text(10_000), text);
        assert.ok(equalBytes(reader.blob(300), blob));
        assert.equal(reader.u8(), 7);
        reader.finish();
      }),
    );
  });

  it('[LB2] codec: what is done stays as it is, however large the buffer was foreseen, and whatever is written afterwards', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.nat(400), (before, after, hint) => {
        const writer = new Writer(hint).raw(before);
        const done = writer.done();
        writer.raw(after);
        assert.ok(equalBytes(done, before));
        assert.ok(equalBytes(writer.done(), concatBytes(before, after)));
      }),
    );
  });

  it('[LB2] codec: a value has one encoding; anything else is a DecodeError', () => {
    const reads = (hex: string, read: (reader: Reader) => unknown): unknown => decoding(() => read(new Reader(fromHex(hex))));
    assert.ok(reads('8000', (r) => r.varint()) instanceof DecodeError);
    assert.ok(reads('ffffffffffffff7f', (r) => r.varint()) instanceof DecodeError);
    assert.ok(reads('ffffffffffffffff01', (r) => r.varint()) instanceof DecodeError);
    assert.ok(reads('02c328', (r) => r.text(9)) instanceof DecodeError);
    assert.ok(reads('05', (r) => r.blob(9)) instanceof DecodeError);
    assert.ok(reads('05', (r) => r.count(4)) instanceof DecodeError);
    assert.ok(reads('0500', (r) => r.u8() && r.finish()) instanceof DecodeError);
    fc.assert(
      fc.property(bytes, (b) => {
        const value = decoding(() => new Reader(b).varint());
        return (
          value instanceof DecodeError || equalBytes(new Writer().varint(value).done(), b.subarray(0, new Writer().varint(value).length))
        );
      }),
    );
  });

  it('[LB3] prng: the same seed gives the same numbers for ever', () => {
    const random = seededRandom(42);
    assert.deepEqual([random.u32(), random.u32(), random.below(100), toHex(random.bytes(5))], GOLDEN);
    assert.deepEqual([seededRandom(42).u32(), seededRandom(42).u32()], [GOLDEN[0], GOLDEN[0]]);
  });

  it('[LB4] time: the same text as the platform makes of it', () => {
    const range = { min: -62_167_219_200_000, max: 253_402_300_799_999 };
    fc.assert(
      fc.property(fc.integer(range), (ms) => isoTime(ms) === new Date(ms).toISOString()),
      { numRuns: 2000 },
    );
  });
});

const GOLDEN: readonly unknown[] = [1518397874, 271658881, 47, 'e683625785'];
