// A space that is small enough to search in a test.
target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }
dataset idx("./data") { input 28x28x1; classes 10 }

block DS(out, stride = 1) {
  dwconv {3 | 5} stride stride, bn, relu
  conv 1x1 -> out, bn, relu
}

space tiny {
  tie w = {4 | 8}
  conv 3x3 -> w stride 2, bn, relu
  DS(2 * w, 2)
  DS(2 * w) x0..1
  gap; dense -> classes
}

quantize int8
constraints { ram < 16 KB; flash < 32 KB; latency < 20 ms }
objectives { max accuracy; min latency }
search nsga2 { population 4; trials 8; fidelity 8..24 epochs; seed 7 }
