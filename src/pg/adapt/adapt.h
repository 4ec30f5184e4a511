/*
 * adapt.h
 *	  Layers that learn from rows before training (normalization).
 */
#ifndef NNET_ADAPT_H
#define NNET_ADAPT_H

#include "pg/data/data.h"
#include "pg/run/runner.h"

/* ---- in adapt.c ---- */

/*
 * Let layers that learn from rows (normalization) learn from n of them.  recorder
 * wrote them, and knows their names; NULL: nothing is told.
 */
extern void
nnet_adapt_layers(NnetRunner *runner, NnetPass *pass, uint64 n, const NnetRecorder *recorder);

/* Show n records to layers; needed: see nn_adapt_records. */
extern void nnet_adapt_piece(NnetRunner *runner, NNAdapting *layers, int n_layers,
							 const bool *needed, const void *const *records, size_t n);

/* ---- in learned.c ---- */

/*
 * Layers have learned from the rows: refuse what is not finite, tell of
 * features that do not vary, by their names in x.  recorder NULL: tell nothing.
 */
extern void nnet_check_learned(const NnetRunner *runner, const NNAdapting *layers, int n,
							   const NnetRecorder *recorder);

#endif /* NNET_ADAPT_H */
