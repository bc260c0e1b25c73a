// Building blocks of mobile networks, to import into a space.

// MobileNetV2's inverted residual: expand, filter each channel, project.
block MB(out, stride = 1) {
  let t = {2 | 3 | 6} // one draw for each use of the block
  conv 1x1 -> in * t, bn, relu6
  dwconv {3 | 5} stride stride, bn, relu6
  conv 1x1 -> out, bn
  skip add when stride == 1 and out == in
}

// MobileNetV1's depthwise separable convolution.
block DS(out, stride = 1) {
  dwconv 3x3 stride stride, bn, relu
  conv 1x1 -> out, bn, relu
}

// Squeeze and excitation: weighs every channel by what the whole picture says of it.
block SE(reduction = 4) {
  let channels = in
  identity as features
  gap
  dense -> max(4, round(channels / reduction)), relu
  dense -> channels, sigmoid as weights
  mul(features, weights)
}
