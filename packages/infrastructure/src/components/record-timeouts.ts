/**
 * How long the engine lets the provider try to change a record. Left alone it repeats what Route 53's control plane refuses or never
 * answers for the half hour of its own default, with the update's lock held. What is given up is done by the next update.
 */
export const recordTimeouts = { create: "5m", update: "5m" } as const;
