import { hostname } from 'node:os';

/** One value from the environment, else the one a Compose file would lead to. */
export const setting = (name: string, usual: string): string => process.env[name] ?? usual;

export const port = (usual: number): number => Number(setting('PORT', String(usual)));

export const listenOn = setting('LISTEN_ON', '0.0.0.0');

/** Tells replicas apart, in containers (one host name each) and on one machine (one process id each). */
export const instance = setting('INSTANCE', `${hostname()}-${process.pid}`);
