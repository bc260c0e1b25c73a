// The image classification network of MLPerf Tiny (ResNet-8 for 32x32 pictures).
// A space without choices is one network: it can be priced, trained and exported like any other.
target "nucleo-l4r5zi" { runtime tflm + cmsis-nn }

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
  input 32x32x3
  conv 3x3 -> 16, bn, relu
  Residual(16)
  Downsample(32)
  Downsample(64)
  avgpool 8x8 stride 8 padding valid
  flatten
  dense -> 10
  softmax
}
