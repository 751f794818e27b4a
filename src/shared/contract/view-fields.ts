import { z } from 'zod';

/** A moment in ISO 8601, UTC. */
export const instant = z.string();

/** A moment that may not have come. */
export const when = instant.nullable();

export const words = z.array(z.string());
