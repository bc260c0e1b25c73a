/** Flags of the compiler that make the code: those of the probe, so of what is measured, and so of what is deployed. */

/** The stack of the probe is measured, so that nothing may be put into main by chance: no optimisation across files. */
export const optimisation = ['-O3', '-ffreestanding', '-fno-tree-loop-distribute-patterns'];
export const linking = ['-nostartfiles', '-ffunction-sections', '-fdata-sections', '-Wl,--gc-sections'];
