// Shows cells, as differentiable search uses them: this cannot be searched yet.
// Every edge of a cell chooses one operator.
target "nucleo-l4r5zi" { runtime tflm + cmsis-nn }
dataset npz("./data/shapes/shapes.npz") { input 32x32x3; classes 10 }

cell Normal(nodes = 3) {
  edge each <- {none | skip | conv 1x1 | conv 3x3 | dwconv 3x3 | avgpool 3x3}
  limit inputs per node <= 2
  output concat
}

space cellnet {
  conv 3x3 -> 16, bn
  Normal x{2 | 3} same
  reduce -> 32
  Normal x{2 | 3} same
  gap
  dense -> classes
}

search darts { epochs 25; warmup 5; hardware_loss log(latency / 80 ms); retrain 60 epochs }
