// The keyword spotting network of MLPerf Tiny (DS-CNN, twelve words).
target "nucleo-l4r5zi" { runtime tflm + cmsis-nn }

block DS(out) {
  dwconv 3x3, bn, relu
  conv 1x1 -> out, bn, relu
}

space ds-cnn {
  input 49x10x1
  conv 10x4 -> 64 stride 2, bn, relu
  DS(64) x4
  avgpool 25x5 stride 25x5 padding valid
  flatten
  dense -> 12
  softmax
}
