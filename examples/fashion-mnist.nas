// Small networks that tell ten kinds of clothes apart on an STM32F446:
// a Cortex-M4F at 180 MHz, with 16 KB of RAM and 32 KB of flash left for the model.
target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }
dataset fashion-mnist { input 28x28x1; classes 10; calibrate 256 }

// MobileNetV1's layer: filters each channel by itself, then mixes them.
block Separable(out, stride = 1) {
  dwconv {3 | 5} stride stride, bn, relu
  conv 1x1 -> out, bn, relu
  skip add when stride == 1 and out == in
}

// MobileNetV2's layer: widens, filters each channel, narrows again.
block Inverted(out, stride = 1) {
  let t = {2 | 4} // one draw for each use of the block
  conv 1x1 -> in * t, bn, relu
  dwconv {3 | 5} stride stride, bn, relu
  conv 1x1 -> out, bn
  skip add when stride == 1 and out == in
}

// Halves height and width, and has `out` channels.
block Shrink(out) {
  choice {
    strided: conv {3 | 5} -> out stride 2, bn, relu
    separable: Separable(out, 2)
    inverted: Inverted(out, 2)
    pooled: { conv 1x1 -> out, bn, relu; maxpool 2x2 stride 2 }
  }
}

// Keeps the shape.
block Refine(out) {
  choice {
    mixing: conv 1x1 -> out, bn, relu
    plain: conv 3x3 -> out, bn, relu
    residual: { conv 3x3 -> out, bn; skip add, relu }
    separable: Separable(out)
    inverted: Inverted(out)
  }
}

space clothes {
  // Channels of the three resolutions, one draw each for the whole space.
  tie a = {4 | 8 | 12 | 16}
  tie b = {8 | 16 | 24 | 32}
  tie c = {16 | 32 | 48 | 64}
  require a <= b and b <= c

  conv {3 | 5} -> a stride {2 | 4}, bn, relu // 28x28x1 to 14x14 or 7x7
  Shrink(b)
  Refine(b) x0..2 same // both repetitions are equal
  { Shrink(c); Refine(c) ? } ? // optional layers, in an optional group
  conv 1x1 -> {16 | 32 | 64 | 96}, bn, relu ?

  gap
  dense -> classes
}

quantize int8
// However small, a network that errs more often than one time in four is of no use.
constraints { flash < 32 KB; ram < 16 KB; latency < 20 ms; accuracy > 75 % }
objectives { max accuracy; min latency; min ram }
search nsga2 { population 12; fidelity 1..12 epochs; budget 18 minutes; seed 7 }
