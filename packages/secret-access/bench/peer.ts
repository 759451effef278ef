/** Peers are installed for the benchmark alone, so the type checker does not know them. */
export const loadPeer = async <Module>(name: string): Promise<Module> =>
  (await import(name)) as Module;
