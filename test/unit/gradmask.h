/*
 * gradmask.h
 *	  Padding and masks for the check of layer kinds: drawn at random for what
 *	  the probe has of both, and what they say of a layer's output.
 */
#ifndef UNIT_GRADMASK_H
#define UNIT_GRADMASK_H

#include "test/unit/probe.h"

/* At least one step of each sample is there and not hidden. */
extern void gradmask_fill(Probe *p, NNRandom *random);
/* Whether this place of y is hidden; what makes its own mask must have run. */
extern bool gradmask_hides(const Probe *p, size_t place);

#endif /* UNIT_GRADMASK_H */
