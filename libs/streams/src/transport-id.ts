/** Marks handlers of this transport, so that another transport in the same Nest application leaves them alone. */
export const transportId = Symbol.for('cascade.streams');
