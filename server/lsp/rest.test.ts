import { strictEqual } from 'node:assert/strict';
import { mock, test } from 'node:test';
import { youngBytes, youngCollector } from './heap.ts';
import { Rest } from './rest.ts';

test('rests once the last of several answers is out, and not before', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const work = mock.fn();
  const rest = new Rest(work);
  rest.begin();
  rest.begin();
  rest.end();
  t.mock.timers.tick(1000);
  strictEqual(work.mock.callCount(), 0, 'a request is still to be answered');
  rest.end();
  t.mock.timers.tick(10);
  strictEqual(work.mock.callCount(), 0, 'the next request of the same keystroke may be on its way');
  rest.begin();
  t.mock.timers.tick(1000);
  strictEqual(work.mock.callCount(), 0);
  rest.end();
  t.mock.timers.tick(1000);
  strictEqual(work.mock.callCount(), 1);
});

test('young garbage goes when there is enough of it, and stays where it is when there is little', () => {
  const rubbish = (): number => Array.from({ length: 5000 }, (_, at) => [at]).length;
  const collect = youngCollector(100_000);
  collect();
  rubbish();
  const full = youngBytes();
  youngCollector()();
  strictEqual(youngBytes() >= full, true, 'too little to be worth the while');
  collect();
  strictEqual(youngBytes() < full - 100_000, true, `${full} bytes before, ${youngBytes()} after`);
  strictEqual('gc' in globalThis, false, 'nothing else is to see the function');
});
