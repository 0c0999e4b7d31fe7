import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callLines, classLines, functionLines, importLines, SourceSamples } from '../testing/source-of.js';

describe('Java', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open('java'); });
  afterAll(() => samples.close());

  const shop = `package a.b;
import java.util.List;
import static x.Y.z;
import q.*;
/** Sells things. */
@Service
public class Shop<T> extends Base<T> implements Open, D.E {
  /** Makes one. */
  public Shop(int size) { super(size); this.open(); }
  // Takes money.
  @Override @Nullable
  public <K> List<K> sell(final int a, String... b) throws E { trim(); a.b().c(); new Receipt<K>(1); new q.Euro(); return null; }
  interface Door extends J, K { void shut(); }
  enum Colour implements L { RED; void mix() {} }
  record Pair(int a) implements M { Pair { } }
  @interface Mark { String value(); }
}
`;

  it('has methods, constructors and nested types', () => {
    const facts = samples.source('Shop.java', shop);
    expect(functionLines(facts)).toEqual([
      '9-9 method Shop.Shop(int size) -- Makes one.', '11-12 method Shop.sell(final int a, String... b): List<K> -- Takes money.', '13-13 method Shop.Door.shut(): void',
      '14-14 method Shop.Colour.mix(): void', '15-15 method Shop.Pair.Pair()', '16-16 method Shop.Mark.value(): String',
    ]);
    expect(classLines(facts)).toEqual([
      '6-17 class Shop < Base<T>, Open, D.E -- Sells things.', '13-13 interface Shop.Door < J, K', '14-14 enum Shop.Colour < L', '15-15 class Shop.Pair < M', '16-16 interface Shop.Mark',
    ]);
    expect(callLines(facts)).toEqual(['9 Shop.Shop -> this . open', '12 Shop.sell -> trim', '12 Shop.sell -> a . b', '12 Shop.sell -> a.b() . c', '12 Shop.sell -> Receipt', '12 Shop.sell -> q . Euro']);
    expect(facts.calls.map((one) => one.arguments)).toEqual([0, 0, 0, 0, 1, 0]);
    expect(importLines(facts)).toEqual(['2 java.util List as List', '3 x.Y z as z', '4 q * as -']);
  });

  it('knows tests by their annotation', () => {
    expect(samples.source('T.java', 'class T extends TestCase { @Test void a() {} @org.junit.jupiter.api.RepeatedTest(3) void b() {} @Testable void c() {} void testD() {} }').functions.map((one) => `${one.name} ${one.isTest}`))
      .toEqual(['a true', 'b true', 'c false', 'testD true']);
  });
});
