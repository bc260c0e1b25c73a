// A board of your own: .nasturtium/boards/teensy-4-1.json beside this file describes it, and every .nas file
// in this folder and below can name it. docs/adding-a-board.md says how to write one, and how to fit your
// own measurements.

target "teensy-4-1" { runtime tflm + cmsis-nn }

dataset fashion-mnist

block Separable(out, stride = 1) {
  dwconv {3 | 5} stride stride, bn, relu6
  conv 1x1 -> out, bn, relu6
}

space clothes {
  conv 3x3 -> {8 | 16} stride 2, bn, relu6
  Separable({16 | 24 | 32}, stride = 2)
  Separable({32 | 48}) x1..3
  avgpool 7x7 padding valid
  flatten
  dense -> classes
}

quantize int8

constraints {
  latency < 2 ms
  ram < 12 KB
}

objectives {
  max accuracy
  min latency
}

search nsga2 { trials 40 }
