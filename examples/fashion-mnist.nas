// Small networks that tell ten kinds of clothes apart on an STM32F446:
// a Cortex-M4F at 180 MHz, with 16 KB of RAM and 32 KB of flash left for the model.
target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }
dataset fashion-mnist { input 28x28x1; classes 10; calibrate 256 }

// A depthwise separable convolution, with a way around it where the shapes allow one.
block Separable(out, stride = 1) {
  let k = {3 | 5} // one draw for each use of the block
  dwconv k stride stride, bn, relu
  conv 1x1 -> out, bn, relu
  skip add when stride == 1 and out == in
}

// Two plain convolutions and the sum with what came in.
block Residual(out) {
  conv 3x3 -> out, bn, relu
  conv 3x3 -> out, bn
  skip add, relu
}

space clothes {
  tie w = {8 | 12 | 16} // channels of the first stage, one draw for the whole space
  tie v = {24 | 32} // channels of the second stage

  conv {3 | 5} -> w stride 2, bn, relu // 28x28x1 to 14x14xw
  Separable(w) x0..1

  choice {
    strided: conv 3x3 -> v stride 2, bn, relu
    separable: Separable(v, 2)
    pooled: { conv 1x1 -> v, bn, relu; maxpool 2x2 stride 2 }
  }

  // 7x7xv from here on
  choice {
    light: Separable(v) x1..2
    even: Separable(v) x1..2 same // both repetitions are equal
    dense: Residual(v) when v <= 24
  }
  conv 1x1 -> {32 | 48 | 64}, bn, relu ? // an optional layer

  gap
  dense -> classes
}

quantize int8
constraints { flash < 32 KB; ram < 16 KB; latency < 20 ms }
objectives { max accuracy; min latency; min ram }
search nsga2 { population 12; trials 60; fidelity 1..12 epochs; budget 18 minutes; seed 7 }
