/** Title of the source of what a person has measured themselves. */
export const ownMeasurements = 'Own measurements';
