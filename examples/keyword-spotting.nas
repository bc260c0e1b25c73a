// Ten spoken words, other words and silence, from one second of sound, on an Arduino Nano 33 BLE Sense. The data are
// 49 frames of ten mel-frequency coefficients, spoken by a synthesiser: data/keywords/README.md says how.
target "nano-33-ble" { runtime tflm + cmsis-nn }
dataset npz("./data/keywords/keywords.npz") { input 49x10x1; classes 12 }

block DS(out) {
  dwconv {3x3 | 5x3}, bn, relu
  conv 1x1 -> out, bn, relu
}

space dscnn {
  tie c = {24 | 32 | 48 | 64}
  conv {10x4 | 8x4} -> c stride {2x2 | 2x1}, bn, relu
  choice {
    uniform: DS(c) x3..5
    taper: { DS(c) x2; DS(c * 1.5) x1..2 }
  }
  avgpool dims(height, width) padding valid // one value per channel, by the quick kernel
  flatten
  dense -> classes
}

quantize int8
constraints { latency < 150 ms; ram < 48 KB }
objectives { max accuracy; min latency; min ram }
search evolution { population 24; sample 6; trials 120; fidelity 2..20 epochs; seed 1 }
