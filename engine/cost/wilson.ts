/** How far an accuracy on a sample can be from the true one. */

/** Quantile of the normal distribution that leaves 2.5 % on either side. */
const Z = 1.959964;

/**
 * The 95 % score interval of a share (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
 * JASA 22(158), 1927). Unlike the normal approximation it stays within [0, 1] and holds near its ends.
 * @param share of `samples` independent ones, in [0, 1]
 * @param samples at least 1
 */
export function wilsonInterval(
  share: number,
  samples: number,
): { readonly low: number; readonly high: number } {
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * samples)) / (1 + z2 / samples);
  const half =
    (Z * Math.sqrt((share * (1 - share)) / samples + z2 / (4 * samples * samples))) / (1 + z2 / samples);
  // Rounding must not put the share itself outside.
  return {
    low: Math.max(0, Math.min(share, centre - half)),
    high: Math.min(1, Math.max(share, centre + half)),
  };
}
