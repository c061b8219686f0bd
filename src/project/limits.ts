/** The most replicas of one deployment on one engine. */
export const MOST_REPLICAS = 64;
