/** Programs that run a network once, with a sample of which the answer is known. */

import { createInt8Interpreter, random } from '../../engine/train/index.ts';
import { elementsOf } from '../../engine/space/network.ts';
import type { QuantizedNetwork } from '../../engine/space/trained.ts';
import { definition } from './constants.ts';

/** The header with the sample: noise, and what this project's interpreter, which answers as LiteRT, makes of it. */
export function sampleHeader(name: string, quantized: QuantizedNetwork): string {
  const { network } = quantized;
  const source = random(name, 'sample');
  const size = elementsOf(network.tensors[network.inputs[0] ?? 0]?.shape ?? []);
  const input = Int8Array.from({ length: size }, () => source.int(256) - 128);
  const output = createInt8Interpreter(quantized).run(input);
  const macro = name.toUpperCase();
  const tolerance = network.ops.some(({ kind }) => kind === 'softmax') ? 1 : 0;
  return `/* A sample of noise, and the outputs that Nasturtium computes for it. Put a sample of your own in its place. */
#ifndef ${macro}_SAMPLE_H_
#define ${macro}_SAMPLE_H_

#include <stdint.h>

/* By how much an output may differ: softmax alone, which each implementation has in its own way. */
#define ${macro}_TOLERANCE ${tolerance}

${definition('int8_t', `${name}_sample`, Array.from(input, String))}

${definition('int8_t', `${name}_expected`, Array.from(output, String))}

#endif
`;
}

/** What both programs do: from the sample to the greatest output, and how many outputs are not as expected. */
const judged = (name: string): string => {
  const macro = name.toUpperCase();
  return `/* Outputs that are not as expected; sets the greatest. */
static int judge(const int8_t *output, int *greatest) {
  int wrong = 0;
  *greatest = 0;
  for (int i = 0; i < ${macro}_OUTPUT_COUNT; i++) {
    int difference = output[i] - ${name}_expected[i];
    if (difference > ${macro}_TOLERANCE || difference < -${macro}_TOLERANCE) wrong++;
    if (output[i] > output[*greatest]) *greatest = i;
  }
  return wrong;
}`;
};

const arena = (macro: string, alignas: string): string =>
  `${alignas}(${macro}_ARENA_ALIGNMENT) static unsigned char arena[${macro}_ARENA_BYTES];`;

/** The program of a board with start-up code: see `board/`. */
export function mainProgram(name: string): string {
  const macro = name.toUpperCase();
  return `/* Runs the network once and says over the serial line what it answers and what that takes. */
#include "chips/cortex-m.h"
#include "probe/board.h"
#include "probe/counter.h"
#include "probe/guard.h"

#include "${name}.h"
#include "${name}_sample.h"

${arena(macro, '_Alignas')}

static void say(const char *text) {
  size_t count = 0;
  while (text[count] != 0) count++;
  board_give((const uint8_t *)text, count);
}

static void say_number(uint32_t value) {
  char text[11];
  char *at = text + sizeof text - 1;
  *at = 0;
  do {
    *--at = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  say(at);
}

static void run(void *cycles) {
  const uint32_t before = counter_now();
  ${name}_run(arena);
  *(uint32_t *)cycles = counter_now() - before;
}

${judged(name)}

/* An image begins here, once memory is as C has it. */
_Noreturn void image_main(void) {
  uint32_t cycles = 0;
  board_start();
  counter_start();
  int8_t *input = ${name}_input(arena);
  for (int i = 0; i < ${macro}_INPUT_COUNT; i++) input[i] = ${name}_sample[i];
  if (guarded_call(run, &cycles) != 0) {
    say("The processor has faulted.\\r\\n");
  } else {
    int greatest;
    const int wrong = judge(${name}_output(arena), &greatest);
    say("greatest output: ");
    say_number((uint32_t)greatest);
    say("\\r\\noutputs that are not as expected: ");
    say_number((uint32_t)wrong);
    say("\\r\\ncycles: ");
    say_number(cycles);
    say("\\r\\n");
  }
  for (;;) {
  }
}
`;
}

/** The same for Arduino, whose clock is in microseconds. */
export function sketch(name: string): string {
  const macro = name.toUpperCase();
  return `/* Runs the network every two seconds and says over the serial line what it answers and what that takes. */
#include <${name}.h>
#include <${name}_sample.h>

${arena(macro, 'alignas')}

${judged(name)}

void setup() { Serial.begin(115200); }

void loop() {
  int8_t *input = ${name}_input(arena);
  for (int i = 0; i < ${macro}_INPUT_COUNT; i++) input[i] = ${name}_sample[i];
  const unsigned long before = micros();
  ${name}_run(arena);
  const unsigned long took = micros() - before;
  int greatest;
  const int wrong = judge(${name}_output(arena), &greatest);
  Serial.print("greatest output: ");
  Serial.println(greatest);
  Serial.print("outputs that are not as expected: ");
  Serial.println(wrong);
  Serial.print("microseconds: ");
  Serial.println(took);
  delay(2000);
}
`;
}
