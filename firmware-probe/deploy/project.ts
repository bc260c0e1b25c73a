/** A project that builds as it is: the network as a library for CMake, PlatformIO and Arduino, and a program for the board. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { QuantizedNetwork } from '../../engine/space/trained.ts';
import { chips, linking, optimisation, startFiles, type Chip, type Region } from '../firmware/index.ts';
import { mainProgram, sampleHeader, sketch } from './programs.ts';

export interface ProjectBoard {
  readonly name: string;
  /** Such as `cortex-m4`. */
  readonly core: string;
  readonly features: readonly string[];
  /** Of the firmware; absent where there is none. */
  readonly chip?: string | undefined;
}

export interface ProjectRequest {
  /** A C identifier. */
  readonly name: string;
  readonly quantized: QuantizedNetwork;
  /** The network and the kernels that it needs, by name. */
  readonly sources: ReadonlyMap<string, string>;
  readonly board: ProjectBoard;
}

export interface Project {
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
  /** What CMake makes for the board; absent where there is only the library. */
  readonly program: string | undefined;
}

/** A chip on which a program has its memory said. */
type Startable = Chip & { readonly memory: NonNullable<Chip['memory']> };

const isStartable = (chip: Chip | undefined): chip is Startable => chip?.memory !== undefined;

/** @param firmware as `shippedFirmware`. Throws what reading throws */
export function project({ name, quantized, sources, board }: ProjectRequest, firmware: string): Project {
  const found = board.chip === undefined ? undefined : chips[board.chip];
  const chip = isStartable(found) ? found : undefined;
  const cpu = chip?.cpu ?? cpuOf(board);
  const files = new Map([...sources].map(([file, text]) => [`src/${file}`, text]));
  files.set(`src/${name}_sample.h`, sampleHeader(name, quantized));
  files.set(`examples/${name}/${name}.ino`, sketch(name));
  files.set('library.json', libraryJson(name));
  files.set('library.properties', libraryProperties(name));
  files.set('CMakeLists.txt', cmakeLists(name, [...sources.keys()], board.chip ?? '', chip));
  if (cpu !== undefined) files.set('toolchain.cmake', toolchain(cpu));
  if (chip !== undefined) {
    files.set('main.c', mainProgram(name));
    files.set('board/board.ld', linkerScript(chip.memory));
    const start = [...startFiles, ...chip.sources, 'image.ld'].map((file) => path.posix.join('chips', file));
    const probe = ['board.h', 'counter.h', 'guard.h'].map((file) => path.posix.join('probe', file));
    for (const [file, text] of withIncludes(firmware, [...start, ...probe])) files.set(`board/${file}`, text);
  }
  files.set('README.md', readme(name, board, cpu !== undefined, chip));
  return { files, program: chip && `${name}.elf` };
}

/** Flags of the compiler for Arm; `undefined` for other cores. */
function cpuOf({ core, features }: ProjectBoard): readonly string[] | undefined {
  if (!core.startsWith('cortex-m')) return undefined;
  return [`-mcpu=${core}`, ...(features.includes('mve') ? ['-mfloat-abi=hard'] : [])];
}

/** Files with the headers that they include from beside them, by their path. */
function withIncludes(firmware: string, files: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    const text = readFileSync(path.join(firmware, file), 'utf8');
    found.set(file, text);
    for (const [, header = ''] of text.matchAll(/^#include "([^"]+)"/gm))
      open.push(path.posix.join(path.posix.dirname(file), header));
  }
  return found;
}

const region = (name: string, [origin, bytes]: Region): string =>
  `  ${name} (rwx) : ORIGIN = ${origin}, LENGTH = ${bytes}`;

const linkerScript = ({ code, data }: Startable['memory']): string => `/* The memory of the chip. */
MEMORY {
${region('CODE', code)}
${region('DATA', data)}
}
INCLUDE image.ld
`;

const toolchain = (cpu: readonly string[]): string => `set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "${cpu.join(' ')} -mthumb")
set(CMAKE_ASM_FLAGS_INIT "${cpu.join(' ')} -mthumb")
`;

function cmakeLists(
  name: string,
  sources: readonly string[],
  chipName: string,
  chip: Startable | undefined,
): string {
  const compiled = sources.filter((file) => !file.endsWith('.h')).map((file) => `  src/${file}`);
  const library = `cmake_minimum_required(VERSION 3.13)
project(${name} C ASM)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
# As the kernels were measured.
add_compile_options(${optimisation.join(' ')} -ffunction-sections -fdata-sections)
add_compile_options($<$<COMPILE_LANGUAGE:C>:-Wall> $<$<COMPILE_LANGUAGE:C>:-Wextra>)

add_library(${name} STATIC
${compiled.join('\n')}
)
target_include_directories(${name} PUBLIC src)
`;
  if (chip === undefined) return library;
  const start = [...startFiles, ...chip.sources].map((file) => `  board/chips/${file}`);
  const defines = Object.entries({ CHIP: `"${chipName}"`, ...chip.defines });
  return `${library}
add_executable(${name}.elf
  main.c
${start.join('\n')}
)
target_include_directories(${name}.elf PRIVATE board)
target_compile_definitions(${name}.elf PRIVATE
${defines.map(([key, value]) => `  ${key}=${value}`).join('\n')}
)
target_link_libraries(${name}.elf PRIVATE ${name})
target_link_options(${name}.elf PRIVATE
  ${linking.join(' ')} --specs=nano.specs
  -L \${CMAKE_CURRENT_SOURCE_DIR}/board/chips
  -T \${CMAKE_CURRENT_SOURCE_DIR}/board/board.ld
)
`;
}

const SENTENCE = 'An int8 neural network with its kernels.';

/** https://docs.platformio.org/en/latest/manifests/library-json/index.html */
const libraryJson = (name: string): string =>
  `${JSON.stringify(
    {
      name,
      version: '1.0.0',
      description: SENTENCE,
      headers: `${name}.h`,
      frameworks: '*',
      platforms: '*',
      build: { srcDir: 'src', includeDir: 'src', flags: optimisation.slice(0, 1) },
    },
    undefined,
    2,
  )}\n`;

/** https://arduino.github.io/arduino-cli/latest/library-specification/ */
const libraryProperties = (name: string): string => `name=${name}
version=1.0.0
author=Nasturtium
maintainer=Nasturtium
sentence=${SENTENCE}
paragraph=Written by Nasturtium from a trained trial.
category=Data Processing
url=
architectures=*
includes=${name}.h
`;

function readme(
  name: string,
  board: ProjectBoard,
  hasToolchain: boolean,
  chip: Startable | undefined,
): string {
  const file = hasToolchain ? ' -DCMAKE_TOOLCHAIN_FILE=toolchain.cmake' : '';
  const made =
    chip === undefined
      ? `That makes the library \`lib${name}.a\`. There is no start-up code for this board here: link the library into a project that has it, or
use one of the manifests below.`
      : `That makes \`build/${name}.elf\`, which runs the network once on a sample and says over the serial line the greatest output, how many
outputs are not those that Nasturtium computes, and the cycles.${chip.machine === undefined ? '' : ` In QEMU: \`qemu-system-arm -M ${chip.machine} -nographic -icount shift=0 -kernel build/${name}.elf\`.`}`;
  return `# ${name} on ${board.name}

With CMake${hasToolchain ? ' and arm-none-eabi-gcc' : ' and the compiler of the board'}:

    cmake -B build${file}
    cmake --build build

${made}

With PlatformIO this folder is a library (\`library.json\`): name it in \`lib_deps\` as \`file://\` and its path. With Arduino it is one too
(\`library.properties\`): put it into the folder \`libraries\` of your sketches, and open its example.

\`src/${name}.h\` says how to call the network and what its values stand for.
`;
}
