// The image classification network of MLPerf Tiny (ResNet-8 for 32x32 pictures), over pictures of ten shapes:
// data/shapes/README.md says where they come from. CIFAR-10 in an .npz file takes their place.
target "nucleo-l4r5zi" { runtime tflm + cmsis-nn }
dataset npz("./data/shapes/shapes.npz") { input 32x32x3; classes 10 }

block Residual(out) {
  conv 3x3 -> out, bn, relu
  conv 3x3 -> out, bn
  skip add, relu
}

block Downsample(out) {
  branches add {
    main: { conv 3x3 -> out stride 2, bn, relu; conv 3x3 -> out, bn }
    shortcut: conv 1x1 -> out stride 2
  }, relu
}

space resnet8 {
  conv 3x3 -> 16, bn, relu
  Residual(16)
  Downsample(32)
  Downsample(64)
  avgpool 8x8 stride 8 padding valid
  flatten
  dense -> classes
  softmax
}

objectives { max accuracy; min latency }
search random { trials 1; fidelity 30..30 epochs; seed 1 }
