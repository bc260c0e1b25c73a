// Is there a person in the picture? An inverted-residual space for an STM32F446, over drawn pictures in folders:
// data/people/README.md says where they come from. The pictures of Visual Wake Words take their place.
target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }
dataset images("./data/people") { input 96x96x1; classes 2 }

import { MB } from "./blocks/mobile.nas"

space vww {
  tie w = 0.25..0.75 step 0.125 // one draw for the whole space
  conv 3x3 -> round8(16 * w) stride 2, bn, relu6
  MB(round8(24 * w), 2)
  MB(round8(24 * w)) x0..2 // a fresh draw for each repeat
  MB(round8(40 * w), 2)
  MB(round8(40 * w)) x0..2
  MB(round8(80 * w), 2)
  MB(round8(80 * w)) x0..2 same // one draw for all repeats
  conv 1x1 -> {64 | 96 | 128}, bn, relu6 ? // an optional layer
  gap
  dense -> classes
}

quantize int8
constraints { ram < 96 KB; flash < 192 KB; latency < 150 ms }
objectives { max accuracy; min latency; min ram }
search nsga2 { population 24; trials 60; fidelity 3..30 epochs; seed 7 }
