/** What a file is that somebody took for a `.tflite`, and what to do about it. */

/** Two sentences: what it is, what to do. */
export interface FileKind {
  readonly cause: string;
  readonly cure: string;
}

interface Known extends FileKind {
  readonly isIt: (bytes: Uint8Array, start: string) => boolean;
}

const startsWith =
  (...magic: readonly number[]) =>
  (bytes: Uint8Array): boolean =>
    magic.every((byte, at) => bytes[at] === byte);

/** No byte of those that no text has, such as 0. */
const looksLikeText = (start: string): boolean => start.length > 0 && !/[^\t\n\f\r -\u00ff]/.test(start);

/** The first bytes that tell files apart; more would say no more. */
const looked = 4096;

const convert = 'Convert it to a .tflite with the converter of TensorFlow or of LiteRT';

/** The first that fits is it. */
const kinds: readonly Known[] = [
  {
    isIt: ({ length }) => length === 0,
    cause: 'The file is empty.',
    cure: 'Copy the model again, or convert it anew.',
  },
  {
    isIt: (_, start) => start.startsWith('version https://git-lfs.github.com/spec/'),
    cause: 'This is a Git LFS pointer: `git lfs pull` puts the model itself in its place.',
    cure: 'Run it in the repository that the file comes from.',
  },
  {
    isIt: startsWith(0x1f, 0x8b),
    cause: 'This is a gzip archive.',
    cure: 'Unpack it first (`gunzip`, or `tar -xzf` for a .tar.gz), and choose the .tflite in it.',
  },
  {
    isIt: (bytes, start) =>
      startsWith(0x50, 0x4b, 3, 4)(bytes) && /metadata\.json|config\.json|\.weights\.h5/.test(start),
    cause: 'This is a Keras model (.keras).',
    cure: `${convert}: tf.lite.TFLiteConverter.from_keras_model.`,
  },
  {
    isIt: (bytes, start) =>
      startsWith(0x50, 0x4b, 3, 4)(bytes) && /data\.pkl|\/code\/|constants\.pkl|\.data\/version/.test(start),
    cause: 'This is a PyTorch file (TorchScript, or saved weights).',
    cure: `${convert}, for example by ai-edge-torch.`,
  },
  {
    isIt: startsWith(0x50, 0x4b),
    cause: 'This is a zip archive.',
    cure: 'Unpack it first, and choose the .tflite in it.',
  },
  {
    isIt: (bytes) =>
      [
        startsWith(0x42, 0x5a, 0x68),
        startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a),
        startsWith(0x28, 0xb5, 0x2f, 0xfd),
        startsWith(0x37, 0x7a, 0xbc, 0xaf),
        startsWith(0x52, 0x61, 0x72, 0x21),
      ].some((isIt) => isIt(bytes)),
    cause: 'This is a compressed file (bzip2, xz, zstd, 7z or rar).',
    cure: 'Unpack it first, and choose the .tflite in it.',
  },
  {
    isIt: ({ length }, start) => length > 262 && start.slice(257, 262) === 'ustar',
    cause: 'This is a tar archive.',
    cure: 'Unpack it first (`tar -xf`), and choose the .tflite in it.',
  },
  {
    isIt: startsWith(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
    cause: 'This is an HDF5 file, as Keras saves models (.h5).',
    cure: `${convert}: tf.lite.TFLiteConverter.from_keras_model.`,
  },
  {
    isIt: (_, start) => /^ET\d\d$/.test(start.slice(4, 8)),
    cause: 'This is a program of ExecuTorch (.pte).',
    cure: `${convert}, for example by ai-edge-torch.`,
  },
  {
    isIt: startsWith(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59),
    cause: 'This is a NumPy array (.npy).',
    cure: 'Choose the .tflite of the model itself.',
  },
  {
    // A pickle of protocol 2 and above, as PyTorch saved until 2020.
    isIt: (bytes) => bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5,
    cause: 'This is a Python pickle, as PyTorch saves weights (.pt, .pth).',
    cure: `${convert}, for example by ai-edge-torch.`,
  },
  {
    // Field 1 is the version of the form, 1 to this day; field 2 the graphs.
    isIt: startsWith(0x08, 0x01, 0x12),
    cause: 'This is the graph of a TensorFlow SavedModel (saved_model.pb).',
    cure: `${convert}: tf.lite.TFLiteConverter.from_saved_model on its folder.`,
  },
  {
    // Field 1 is the version of the form, since 2017 above 1; then the name of the producer, the graph or the like.
    isIt: ([first, version = 0, next = 0]) =>
      first === 0x08 && version >= 2 && version < 32 && [0x12, 0x1a, 0x22, 0x3a, 0x42].includes(next),
    cause: 'This is an ONNX model.',
    cure: 'Convert it to a .tflite, for example with onnx2tf.',
  },
  {
    isIt: ([first], start) =>
      first === 0x0a && /Placeholder|Const|dtype/.test(start) && !looksLikeText(start),
    cause: 'This is a frozen TensorFlow graph (.pb).',
    cure: `${convert}: tf.compat.v1.lite.TFLiteConverter.from_frozen_graph.`,
  },
  {
    isIt: (_, start) => looksLikeText(start) && /^\s*(<!doctype html|<html)/i.test(start),
    cause: 'This is a web page, not a TensorFlow Lite model: the download has gone wrong.',
    cure: 'Copy the model again from the link that downloads the file itself ("raw" on GitHub).',
  },
  {
    isIt: (_, start) =>
      looksLikeText(start) && /unsigned\s+char|alignas|#include|const\s+\w+\s+\w+\[\]/.test(start),
    cause: 'This is C source, perhaps with a model as an array in it.',
    cure: 'Choose the .tflite that it was made from (`xxd -r -p` turns the bytes of an array back).',
  },
  {
    isIt: (_, start) =>
      looksLikeText(start) &&
      /^\s*(\/\/[^\n]*\n\s*)*(target|dataset|space|block|import|let|constraints|objectives|search)\b/.test(
        start,
      ),
    cause: 'This is a text in the language of Nasturtium, not a .tflite.',
    cure: 'Choose it under a name that ends in .nas.',
  },
  {
    isIt: (_, start) => looksLikeText(start) && /^\s*[[{]/.test(start),
    cause: 'This is a text of JSON, such as the topology of a TensorFlow.js model.',
    cure: `${convert}.`,
  },
  {
    isIt: (_, start) => looksLikeText(start),
    cause: 'This is a text, not a TensorFlow Lite model.',
    cure: 'Choose a .tflite file that a converter has written.',
  },
];

/** `undefined` for bytes that are of no kind known here. */
export function fileKind(bytes: Uint8Array): FileKind | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, looked));
  return kinds.find(({ isIt }) => isIt(bytes, start));
}
