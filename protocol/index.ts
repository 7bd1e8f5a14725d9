export * from './client.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './methods.ts';
export * from './models.ts';
export * from './proposals.ts';
export * from './server.ts';
export * from './tasks.ts';
