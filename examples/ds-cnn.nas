// The keyword spotting network of MLPerf Tiny (DS-CNN, twelve words), over the data of keyword-spotting.nas.
// A space without choices is one network: it can be priced, trained and exported like any other.
target "nucleo-l4r5zi" { runtime tflm + cmsis-nn }
dataset npz("./data/keywords/keywords.npz") { input 49x10x1; classes 12 }

block DS(out) {
  dwconv 3x3, bn, relu
  conv 1x1 -> out, bn, relu
}

space ds-cnn {
  conv 10x4 -> 64 stride 2, bn, relu
  DS(64) x4
  avgpool 25x5 stride 25x5 padding valid
  flatten
  dense -> classes
  softmax
}

objectives { max accuracy; min latency }
search random { trials 1; fidelity 30..30 epochs; seed 1 }
