// Shows recordings and their features in the search: this cannot be searched yet.
// Length and step of the window, and the number of coefficients, are choices like any other. keyword-spotting.nas
// searches the same space over features that were worked out before.
target "nano-33-ble" { runtime tflm + cmsis-nn }

dataset speech("./recordings") {
  features mfcc { frame 40 ms; hop {20 ms | 30 ms}; coeffs {10 | 13} }
  input 49x10x1
  classes 12
}

space dscnn {
  tie c = {24 | 32 | 48 | 64}
  conv {10x4 | 8x4} -> c stride {2x2 | 2x1}, bn, relu
  { dwconv {3x3 | 5x3}, bn, relu; conv 1x1 -> c, bn, relu } x3..5
  gap
  dense -> classes
}

objectives { max accuracy; min latency; min ram }
search evolution { population 50; sample 10; trials 400; fidelity 2..20 epochs; seed 1 }
